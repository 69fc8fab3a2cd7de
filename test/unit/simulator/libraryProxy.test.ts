import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findCompiler, sealForLibrary, startSimulator, type Simulator } from '../../../simulator';
import { Stub } from './stub';

const SOURCES = resolve(__dirname, '../../../simulator/library');
const PASSWD = 'user@corp:p:a:s:s';
const compiler = findCompiler();

/** An HTTP proxy with a password that tunnels and does nothing else. */
class Proxy {
	readonly tunnels: string[] = [];
	/** What it answers instead. */
	status = 200;
	silent = false;
	private readonly sockets = new Set<Socket>();
	private readonly server = createServer((_request, response) => response.writeHead(405).end());

	async listen(): Promise<string> {
		this.server.on('connection', (socket) => this.keep(socket));
		this.server.on('connect', (request, socket) => {
			this.tunnels.push(request.url ?? '');
			if (this.silent) return;
			const given = `Basic ${Buffer.from(PASSWD).toString('base64')}`;
			const allowed = request.headers['proxy-authorization'] === given;
			const status = allowed ? this.status : 407;
			socket.write(`HTTP/1.1 ${status} Whatever\r\n\r\n`);
			if (status !== 200) return socket.end();
			const [host, port] = (request.url ?? '').split(':');
			const onward = connect(Number(port), host);
			this.keep(onward);
			socket.pipe(onward).pipe(socket);
			return undefined;
		});
		await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	async close(): Promise<void> {
		for (const socket of this.sockets) socket.destroy();
		await new Promise((done) => this.server.close(done));
	}

	private keep(socket: Socket): void {
		this.sockets.add(socket);
		socket.on('error', () => socket.destroy());
		socket.on('close', () => this.sockets.delete(socket));
	}
}

describe('the stub of the library', () => {
	let simulator: Simulator;
	let stub: Stub;
	let proxy: Proxy;
	let address: string;

	beforeAll(async () => {
		proxy = new Proxy();
		address = await proxy.listen();
		simulator = await startSimulator({ messageCount: 10 });
		stub = await Stub.install(simulator.url);
	});
	beforeEach(() => {
		proxy.tunnels.length = 0;
		proxy.status = 200;
		proxy.silent = false;
	});
	afterAll(async () => {
		await proxy.close();
		await simulator.stop();
		await stub.remove();
	});

	async function codeBy(way: { proxy?: string; passwd?: string; timeout?: number }) {
		return await stub.with(simulator.corp, async (sdk) => {
			const { code } = await stub.chatData(sdk, 0n, 10, way);
			return code;
		});
	}

	test('goes through the proxy it is told, with its password', async () => {
		expect(await codeBy({ proxy: address, passwd: PASSWD })).toBe(0);
		expect(await codeBy({ proxy: `${address}/`, passwd: PASSWD })).toBe(0);
		expect(proxy.tunnels).toEqual(Array(2).fill(new URL(simulator.url).host));
	});

	test('goes past it when it is told none', async () => {
		expect(await codeBy({})).toBe(0);
		expect(proxy.tunnels).toEqual([]);
	});

	test.each([
		['a wrong password', { passwd: 'user:wrong' }],
		['no password', {}],
		['a port nobody listens on', { proxy: 'http://127.0.0.1:9', passwd: PASSWD }],
		['a kind of proxy it does not know', { proxy: 'socks5://127.0.0.1:9', passwd: PASSWD }],
		['a proxy that is no URL', { proxy: 'nonsense', passwd: PASSWD }],
	])('returns 10001 for %s', async (_what, way) => {
		expect(await codeBy({ proxy: address, ...way })).toBe(10001);
	});

	test('returns 10001 when the proxy refuses, and when it does not answer in time', async () => {
		proxy.status = 503;
		expect(await codeBy({ proxy: address, passwd: PASSWD })).toBe(10001);
		proxy.silent = true;
		const started = performance.now();
		expect(await codeBy({ proxy: address, passwd: PASSWD, timeout: 1 })).toBe(10001);
		expect(performance.now() - started).toBeGreaterThan(990);
	});

	test('frees all it takes, and takes the proxy of the environment where it is told none', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'leaks-'));
		const program = join(folder, 'leaks');
		const sources = ['stub.c', 'wire.c', 'bytes.c'].map((name) => join(SOURCES, name));
		const options = ['-std=c11', '-g', '-fsanitize=address,undefined', '-o', program];
		await promisify(execFile)(compiler as string, [
			...options,
			join(__dirname, 'leaks.c'),
			...sources,
			'-ldl',
		]);
		await copyFile(`${stub.path}.address`, `${program}.address`);
		const [record] = simulator.addMessages(1, { msgtype: 'file', bytes: 600_000 });
		const { sdkfileid } = record?.plaintext?.file as { sdkfileid: string };
		const text = '{"msgid":"1","msgtype":"text"}';
		const key = 'aSecretKeyOfOneMessage1234567890';
		const { corpId, corpSecret } = simulator.corp;
		const given = [corpId, corpSecret, sdkfileid, key, sealForLibrary(text, key), address, PASSWD];
		const { stdout, stderr } = await promisify(execFile)(program, given, { env: {} });
		expect([stdout, stderr]).toEqual([`${text.length} ${3 * 600_000}`, '']);
		expect(proxy.tunnels).toHaveLength(6);

		const env = { HTTPS_PROXY: 'http://127.0.0.1:9', ASAN_OPTIONS: 'detect_leaks=0' };
		await expect(promisify(execFile)(program, given, { env })).rejects.toMatchObject({ code: 6 });
		await rm(folder, { recursive: true });
	});
});
