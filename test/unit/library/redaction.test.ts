import { inspect } from 'node:util';

import { configureLibraries } from '../../../wecom/library';
import { failureOf, inTurn } from '../support/server';
import {
	endsProcess,
	gives,
	installStub,
	installVariant,
	KEY,
	open,
	PASSWD,
	returns,
	sealed,
	SECRET,
	startArchive,
	withLibraries,
} from './support';

withLibraries();

/** All that a person could get to see of a value. */
function shown(value: unknown): string {
	const { stack = '', message = '' } = value as Error;
	return [
		inspect(value, { depth: 10, showHidden: true }),
		JSON.stringify(value),
		stack,
		message,
	].join('\n');
}

function expectNothingSecret(...values: unknown[]): void {
	const text = values.map(shown).join('\n');
	for (const secret of [SECRET, KEY, KEY.slice(0, 20), 'proxy-password']) {
		expect(text).not.toContain(secret);
		expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, -3));
	}
}

describe('nothing of secret, password and key', () => {
	it('is in what the library refuses', async () => {
		await startArchive(inTurn(returns(10000), returns(10009), returns(10099)));
		const library = open();
		expectNothingSecret(
			await failureOf(library.chatData(0n, 1)),
			await failureOf(library.media('id', '')),
			await failureOf(library.chatData(0n, 1)),
			await library.check(),
		);
	});

	it('is in what is said of the way', async () => {
		await installStub();
		const library = open({ proxy: 'http://127.0.0.1:9', passwd: PASSWD });
		expectNothingSecret(await failureOf(library.chatData(0n, 1)), await library.check());
	});

	it('is in what is said of a process that ended', async () => {
		configureLibraries({ graceMs: 500 });
		await startArchive(endsProcess('segv'));
		const library = open({ timeoutSeconds: 1 });
		expectNothingSecret(
			await failureOf(library.chatData(0n, 1)),
			await library.decrypt([sealed(0, 'abort')]),
			await library.decrypt([{ ...sealed(0), randomKey: `${SECRET}${KEY}` }]),
			await library.decrypt([{ randomKey: KEY, ciphertext: KEY }]),
		);
	});

	it('is in what is said of a library that prints it', async () => {
		await installVariant('PRINTS_EVERYTHING', 'ENDS_WITH_A_CORP');
		expectNothingSecret(await failureOf(open().chatData(0n, 1)), await open().check());
	});

	it('is in what is said of settings', () => {
		const refused = [
			{ secret: `${SECRET}\0` },
			{ proxy: `http://${PASSWD}@127.0.0.1:9` },
			{ passwd: `${PASSWD}\n` },
		].map((access) => {
			try {
				return open(access);
			} catch (error) {
				return error;
			}
		});
		expectNothingSecret(...refused);
		expect(refused.map((error) => (error as { code: string }).code)).toEqual([
			'input',
			'input',
			'input',
		]);
	});
});

it('a page with an errcode is handed on as it is', async () => {
	await startArchive(
		gives('{"errcode":301042,"errmsg":"not allow to access from your ip, from ip: 1.2.3.4"}'),
	);
	expect(await open().chatData(0n, 1)).toContain('301042');
});
