// A way to the database on which statements change: at the Unix socket FROM, for the server at TO. CHANGE gets each statement
// that a client sends and gives what arrives in its place. Answers pass as they are.
import net from 'node:net';

const COM_QUERY = 3;

export async function databaseProxy(from, to, change) {
	const server = net.createServer((client) => {
		const database = net.connect(to).on('error', () => client.destroy());
		let bytes = Buffer.alloc(0);
		database.pipe(client).on('error', () => database.destroy());
		client.on('end', () => database.end()).on('data', (part) => {
			bytes = Buffer.concat([bytes, part]);
			while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUIntLE(0, 3)) {
				let packet = bytes.subarray(0, 4 + bytes.readUIntLE(0, 3));
				bytes = bytes.subarray(packet.length);
				if (packet[4] === COM_QUERY) {
					packet = Buffer.concat([packet.subarray(0, 5), Buffer.from(change(packet.toString('latin1', 5)), 'latin1')]);
					packet.writeUIntLE(packet.length - 4, 0, 3);
				}
				database.write(packet);
			}
		});
	});
	await new Promise((done) => server.listen(from, done));
	return server;
}
