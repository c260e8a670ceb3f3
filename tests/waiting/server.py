"""A real mail server for the tests: aiosmtpd with STARTTLS and a login that it insists on.

server.py PORT CERTIFICATE KEY: prints "ready", then each message that it has accepted as a line of JSON. A line on standard input sets what it
does: take, refuse (at RCPT), reject (after DATA), hang (at EHLO), silent (takes the message and never answers)."""
import asyncio, json, ssl, sys
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

mode = 'take'


class Handler:
    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        if mode == 'hang':
            await asyncio.sleep(600)
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if mode == 'refuse':
            return '550 5.1.1 nobody here'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        if mode == 'reject':
            return '451 4.3.0 try later'
        print(json.dumps({'from': envelope.mail_from, 'to': envelope.rcpt_tos, 'tls': session.ssl is not None, 'login': bool(session.authenticated),
            'mode': mode, 'data': envelope.original_content.decode('latin1')}), flush=True)
        if mode == 'silent':
            await asyncio.sleep(600)
        return '250 OK'


def authenticator(server, session, envelope, mechanism, data):
    good = data.login == b'console' and data.password == b'pass word'
    return AuthResult(success=good)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2], sys.argv[3])
controller = Controller(Handler(), hostname='127.0.0.1', port=int(sys.argv[1]), tls_context=context, require_starttls=True, auth_required=True,
    authenticator=authenticator)
controller.start()
print('ready', flush=True)
for line in sys.stdin:
    mode = line.strip()
    print('mode ' + mode, flush=True)
