import * as koffi from 'koffi';

import { FinanceSdk } from '../../../wecom/library/host/financeSdk';
import { installLibrary, sealForLibrary } from '../../../simulator/library';
import { KEY, newFolder, sealed } from './support';

const DIRECT = { proxy: '', passwd: '', timeout: 1 };

/** How many handles, slices and pieces the stub has handed out and not got back. */
function heldBy(file: string): number[] {
	const held = koffi.load(file).func('long StubLive(int what)') as (what: number) => number;
	return [0, 1, 2].map(held);
}

/** The stub, with no server behind it, in this process: nothing here ends it. */
async function loadStub() {
	const file = await installLibrary('http://127.0.0.1:9', newFolder());
	return { file, library: new FinanceSdk(file, 'plain') };
}

describe('the functions of the library', () => {
	it('leave nothing behind, whatever they return', async () => {
		const { file, library } = await loadStub();
		const { ciphertext } = sealed(0);
		expect(library.open('', '')).toEqual({ returnCode: 10000 });
		const { sdk } = library.open('ww1', 'secret');
		if (!sdk) throw new Error('no handle');
		expect(library.decrypt(KEY, ciphertext)).toEqual([0, '{"index":0}']);
		expect(library.decrypt('k'.repeat(88), ciphertext)).toEqual([10008, '']);
		expect(library.chatData(sdk, 0n, 1001, DIRECT)).toEqual([10000, '']);
		expect(library.chatData(sdk, 0n, 1, DIRECT)).toEqual([10001, '']);
		expect(library.media(sdk, '', '', DIRECT)).toMatchObject({ returnCode: 10000 });
		expect(library.media(sdk, '', 'id', DIRECT)).toMatchObject({ returnCode: 10001 });
		expect(heldBy(file)).toEqual([1, 0, 0]);
		library.close(sdk);
		expect(heldBy(file)).toEqual([0, 0, 0]);
	});

	it.each(['', '企业微信 👋', 'one\0two', 'raw \n control \t characters', 'x'.repeat(200_000)])(
		'give a text as it is (%#)',
		async (text) => {
			const { library } = await loadStub();
			const body = sealForLibrary(text.padEnd(4), KEY);
			expect(library.decrypt(KEY, body)).toEqual([0, text.padEnd(4)]);
		},
	);

	it('have to be there', async () => {
		const { file } = await loadStub();
		expect(() => new FinanceSdk(`${file}.away`, 'plain')).toThrow(/cannot open shared object/);
		expect(() => new FinanceSdk(`${file}.away`, 'isolated')).toThrow(/cannot open shared object/);
	});
});
