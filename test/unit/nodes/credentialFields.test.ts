import {
	NodeHelpers,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

import { WecomDataApi } from '../../../credentials/WecomDataApi.credentials';
import { toClientSettings } from '../../../nodes/shared/credentials';

const { properties } = new WecomDataApi();

/** What n8n makes of saved data: defaults filled in, hidden fields left out. */
const asN8n = (saved: INodeParameters) =>
	NodeHelpers.getNodeParameters(properties, saved, true, false, null, null) ?? {};

/** The fields that a person sees. */
function shown(saved: INodeParameters): INodeProperties[] {
	const values = asN8n(saved);
	return properties.filter((property) =>
		NodeHelpers.displayParameter(values, property, null, null),
	);
}

const namesOf = (saved: INodeParameters) => shown(saved).map(({ name }) => name);

const EVERYWHERE = ['contract', 'baseUrl', 'authentication', 'programStyle', 'keysNotice', 'privateKey', 'privateKeyPassphrase', 'publicKeyVersion', 'olderPrivateKeys', 'proxyUrl', 'allowPlainHttp', 'programId']; // prettier-ignore
const OF_ARCHIVE = ['contract', 'libraryNotice', 'archiveLibrary', 'baseUrl', 'authentication', 'keysNotice', 'privateKey', 'privateKeyPassphrase', 'publicKeyVersion', 'olderPrivateKeys', 'proxyUrl', 'allowPlainHttp']; // prettier-ignore
const OF_SECRET = ['corpId', 'corpSecret', 'providerCorpId', 'providerSecret', 'suiteAccessToken'];
const GATEWAY = 'https://gateway.example.com';

describe('the Data API credential', () => {
	it('asks first which API it is, each choice with a sentence to know it by', () => {
		const [first] = properties;
		expect(first).toMatchObject({ name: 'contract', default: 'reference' });
		const choices = first?.options as INodePropertyOptions[];
		expect(choices.map(({ value }) => value)).toEqual(['reference', 'dataZone', 'messageArchive']);
		for (const { description = '' } of choices) expect(description.length).toBeGreaterThan(60);
	});

	it.each([
		['reference', [...EVERYWHERE, ...OF_SECRET, 'messageCipher']],
		['dataZone', [...EVERYWHERE, ...OF_SECRET]],
		['messageArchive', [...OF_ARCHIVE, 'corpId', 'corpSecret']],
	])('shows what %s needs, each field once', (contract, fields) => {
		expect(namesOf({ contract, baseUrl: GATEWAY }).sort()).toEqual(fields.sort());
	});

	it.each([
		['accessToken', ['accessToken', 'suiteAccessToken', 'providerAccessToken']],
		['corpSecret', OF_SECRET],
		['suite', ['suiteId', 'suiteSecret', 'suiteTicket', 'authCorpId', 'permanentCode', 'providerCorpId', 'providerSecret']], // prettier-ignore
	])('shows in the zone what %s needs', (authentication, fields) => {
		const names = namesOf({ contract: 'dataZone', authentication });
		expect(names.sort()).toEqual([...EVERYWHERE, ...fields].sort());
	});

	it.each([
		['accessToken', ['accessToken']],
		['corpSecret', ['corpId', 'corpSecret']],
		// Chosen before another API was: the choice shows, and nothing that belongs to it.
		['suite', []],
	])("shows for a corp's own archive what %s needs", (authentication, fields) => {
		const names = namesOf({ contract: 'messageArchive', authentication });
		expect(names.sort()).toEqual([...OF_ARCHIVE, ...fields].sort());
	});

	it('asks where the sidecar is only where the library runs in one', () => {
		const sidecar = { contract: 'messageArchive', archiveLibrary: 'sidecar' };
		const fields = [...OF_ARCHIVE, 'corpId', 'corpSecret', 'sidecarUrl', 'sidecarToken'];
		expect(namesOf(sidecar).sort()).toEqual(fields.sort());
		expect(namesOf({ ...sidecar, contract: 'dataZone' })).not.toContain('sidecarUrl');
	});

	it('offers no third-party app for a library that takes a secret of the corp', () => {
		const choices = (contract: string) =>
			shown({ contract })
				.filter(({ name }) => name === 'authentication')
				.flatMap(({ options = [] }) =>
					(options as INodePropertyOptions[]).map(({ value }) => value),
				);
		expect(choices('messageArchive')).toEqual(['accessToken', 'corpSecret']);
		for (const contract of ['reference', 'dataZone']) {
			expect(choices(contract)).toEqual(['accessToken', 'corpSecret', 'suite']);
		}
	});

	it('requires a program in the zone only', () => {
		const program = (contract: string) =>
			shown({ contract }).find(({ name }) => name === 'programId');
		expect(program('dataZone')?.required).toBe(true);
		expect(program('reference')?.required).toBeUndefined();
	});

	it.each([
		['reference', 'https://qyapi.weixin.qq.com', true],
		['reference', ' https://qyapi.weixin.qq.com/ ', true],
		['reference', GATEWAY, false],
		['dataZone', 'https://qyapi.weixin.qq.com', false],
	])('warns of %s at %s: %s', (contract, baseUrl, warns) => {
		expect(namesOf({ contract, baseUrl }).includes('tencentHostNotice')).toBe(warns);
	});

	it('speaks the reference where it was saved before there was a choice', () => {
		const saved = { baseUrl: GATEWAY, authentication: 'accessToken', accessToken: 'T' };
		for (const data of [saved, asN8n(saved)]) {
			expect(toClientSettings(data as never).contract).toBe('reference');
		}
		const zone = asN8n({ ...saved, contract: 'dataZone', programId: 'prog1' });
		expect(toClientSettings(zone as never)).toMatchObject({
			contract: 'dataZone',
			program: { programId: 'prog1', style: 'java' },
		});
	});

	it('keeps the program of a reference credential, and takes it along into the zone', () => {
		for (const contract of ['reference', 'dataZone']) {
			expect(asN8n({ contract, programId: 'prog1' }).programId).toBe('prog1');
		}
	});
});
