import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { InvalidInputError } from '../../../wecom/errors';
import { readSidecarSettings } from '../../../wecom/library/sidecar/settings';

const TOKEN = 'a1'.repeat(16);

let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'sidecar-settings-'));
});

afterEach(async () => {
	await rm(folder, { recursive: true });
});

async function tokenFile(text: string | Buffer): Promise<string> {
	const file = join(folder, 'token');
	await writeFile(file, text);
	await chmod(file, 0o400);
	return file;
}

it('listens on this machine alone, port 8787, unless told otherwise', async () => {
	const file = await tokenFile(`${TOKEN}\n`);
	expect(readSidecarSettings({ WECOM_SIDECAR_TOKEN_FILE: file, WECOM_SIDECAR_HOST: ' ' })).toEqual({
		host: '127.0.0.1',
		port: 8787,
		token: TOKEN,
	});
	expect(
		readSidecarSettings({
			WECOM_SIDECAR_TOKEN_FILE: file,
			WECOM_SIDECAR_HOST: '0.0.0.0',
			WECOM_SIDECAR_PORT: '9000',
		}),
	).toEqual({ host: '0.0.0.0', port: 9000, token: TOKEN });
});

it('takes the token from the file alone', async () => {
	expect(() =>
		readSidecarSettings({
			WECOM_SIDECAR_TOKEN: TOKEN,
			WECOM_SIDECAR_TOKEN_FILE: join(folder, 'none'),
		}),
	).toThrow(/cannot be read from .*none \(ENOENT\)/);
});

it.each([
	['empty', ''],
	['short', 'x'.repeat(31)],
	['short but for blanks', ` ${'x'.repeat(31)}\n\n`],
	['of two lines', `${TOKEN}\n${TOKEN}`],
	['of letters that no header takes', 'é'.repeat(40)],
	['endless', 'x'.repeat(100_000)],
])('refuses a token file that is %s, without its text', async (_what, text) => {
	const file = await tokenFile(text);
	let refusal: unknown;
	try {
		readSidecarSettings({ WECOM_SIDECAR_TOKEN_FILE: file });
	} catch (error) {
		refusal = error;
	}
	expect(refusal).toBeInstanceOf(InvalidInputError);
	const { message, hint } = refusal as InvalidInputError;
	expect(message).toMatch(/has to be 32 to 512 letters/);
	expect(message + String(hint)).not.toMatch(/x{31}|é{2}/);
	expect(message + String(hint)).not.toContain(TOKEN);
});

it.each(['x', '-1', '65536', '1e3', '80 80'])('refuses the port "%s"', async (port) => {
	const file = await tokenFile(TOKEN);
	expect(() =>
		readSidecarSettings({ WECOM_SIDECAR_TOKEN_FILE: file, WECOM_SIDECAR_PORT: port }),
	).toThrow(expect.objectContaining({ field: 'WECOM_SIDECAR_PORT' }));
});
