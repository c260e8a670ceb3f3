-- wrk's side: requests of a file, one after the other from a random place on. A line is PATH, the session's cookie, and
-- further headers as NAME: VALUE, with tabs between them.
-- At the end one line of JSON goes to standard error.
local requests, count, at = {}, 0, 0

function init(args)
	for line in io.lines(args[1]) do
		local path, cookie, further = line:match("^(%S+)\t(%S*)(.*)$")
		local headers = { ["Host"] = wrk.host, ["Cookie"] = "tenantry=" .. cookie }
		for name, value in further:gmatch("\t([^:\t]+): ([^\t]+)") do
			headers[name] = value
		end
		count = count + 1
		requests[count] = wrk.format("GET", path, headers)
	end
	math.randomseed(os.time())
	at = math.random(count)
end

function request()
	at = at % count + 1
	return requests[at]
end

function done(summary, latency, _)
	local errors = summary.errors
	io.stderr:write(string.format('{"requests":%d,"us":%d,"bytes":%d,"failed":%d,"p50":%d,"p99":%d}\n', summary.requests,
		summary.duration, summary.bytes, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
		latency:percentile(50), latency:percentile(99)))
end
