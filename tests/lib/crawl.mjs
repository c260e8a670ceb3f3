// Follows the links of the pages from the start page on: each address once, addresses that differ in the values of
// their parameters alone once.

const keyOf = (url) => `${url.pathname}?${[...new Set(url.searchParams.keys())].sort()}`;

export async function crawl(client, visit, { from = ['/'], most = 2000, also = () => [], take = () => true } = {}) {
	const queue = [...from], seen = new Set();
	let count = 0;
	const add = (href, at) => {
		const url = new URL(href, new URL(at, client.base));
		if (url.host !== client.base.host || url.pathname.startsWith('/assets/'))
			return;
		const key = keyOf(url);
		if (!seen.has(key)) {
			seen.add(key);
			if (!take(url.pathname + url.search))
				return;
			queue.push(url.pathname + url.search);
		}
	};
	const one = async (path) => {
		if (++count > most)
			throw new Error(`more than ${most} addresses`);
		const answer = path.includes('.csv') ? await client.download(path) : await client.get(path);
		await visit(path, answer);
		if (answer.location)
			add(answer.location, path);
		if (/^text\/html/.test(answer.headers['content-type'] ?? ''))
			for (const link of answer.html.all('a[href]'))
				add(link.attr('href'), path);
		for (const href of also(path))
			add(href, path);
	};
	while (queue.length > 0) {
		await Promise.all(Array.from({ length: 3 }, async () => {
			while (queue.length > 0)
				await one(queue.shift());
		}));
	}
	return count;
}
