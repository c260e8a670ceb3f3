// What stands before an nginx with auth_request: a provider of OpenID Connect, and a gate that sends browsers there (code flow with PKCE),
// keeps a cookie of its own and names the user to nginx. PEOPLE: the groups of each address that may log in at the provider.
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import Provider from 'oidc-provider';

const random = () => randomBytes(32).toString('base64url');
const listen = async (handler) => {
	const server = http.createServer(handler).listen(0, '127.0.0.1');
	await new Promise((done) => server.once('listening', done));
	return server;
};

async function providerStart(people, redirect, secret) {
	let handler;
	const server = await listen((request, answer) => handler(request, answer));
	const issuer = `http://127.0.0.1:${server.address().port}`;
	const provider = new Provider(issuer, {
		clients: [{ client_id: 'gate', client_secret: secret, redirect_uris: [redirect], token_endpoint_auth_method: 'client_secret_post' }],
		claims: { openid: ['sub'], email: ['email', 'groups'] },
		findAccount: (_, id) => (id in people ? { accountId: id, claims: () => ({ sub: id, email: id, groups: people[id] }) } : undefined),
		cookies: { keys: [random()] },
	});
	handler = provider.callback();
	return { server, issuer };
}

// SITE: where browsers find all of it, so that the gate's cookie is one of the same host.
export async function gateStart(site, people) {
	const secret = random(), redirect = `${site}/gate/callback`, waiting = new Map(), sessions = new Map();
	const { server: providerServer, issuer } = await providerStart(people, redirect, secret);
	const cookie = (request) => /(?:^|; )gate=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
	const asked = async (path, options) => {
		const answer = await fetch(issuer + path, options), body = await answer.json();
		if (!answer.ok)
			throw new Error(`${path}: ${JSON.stringify(body)}`);
		return body;
	};

	const pages = {
		check(request, answer) {
			const user = sessions.get(cookie(request));
			answer.writeHead(user ? 204 : 401, user ? { 'X-User': user.email, 'X-Groups': user.groups.join(',') } : {});
		},
		login(request, answer, query) {
			const state = random(), verifier = random();
			waiting.set(state, { verifier, back: query.get('rd') });
			answer.writeHead(302, { Location: `${issuer}/auth?${new URLSearchParams({ client_id: 'gate', response_type: 'code', scope: 'openid email',
				redirect_uri: redirect, state, code_challenge_method: 'S256', code_challenge: createHash('sha256').update(verifier).digest('base64url') })}` });
		},
		async callback(request, answer, query) {
			const { verifier, back } = waiting.get(query.get('state')), session = random();
			waiting.delete(query.get('state'));
			const { access_token: token } = await asked('/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code',
				code: query.get('code'), redirect_uri: redirect, code_verifier: verifier, client_id: 'gate', client_secret: secret }) });
			sessions.set(session, await asked('/me', { headers: { Authorization: `Bearer ${token}` } }));
			answer.writeHead(302, { 'Set-Cookie': `gate=${session}; Path=/; HttpOnly; SameSite=Lax`, Location: back });
		},
		out(request, answer) {
			sessions.delete(cookie(request));
			answer.writeHead(302, { 'Set-Cookie': 'gate=; Path=/; Max-Age=0', Location: `${issuer}/session/end` });
		},
	};
	const server = await listen(async (request, answer) => {
		const url = new URL(request.url, site);
		await pages[url.pathname.replace('/gate/', '')](request, answer, url.searchParams);
		answer.end();
	});
	return {
		port: server.address().port,
		stop: () => [server, providerServer].forEach((one) => { one.closeAllConnections(); one.close(); }),
	};
}
