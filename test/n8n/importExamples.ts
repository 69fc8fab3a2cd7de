import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { credentialsFor, suiteCredentialsFor, type Simulator } from '../../simulator';
import { ARCHIVE_EXAMPLES, EXAMPLE_FILES, type Example } from '../examples/files';
import { filledIn } from '../examples/filledIn';
import { runN8n, type N8nSettings } from './n8nProcess';

/** The credential of the examples, and the same corp in the data zone and in its own archive. */
const REFERENCE = { id: 'wecomDataApi', name: 'WeCom Data account (Data API Reference)' };
const DATA_ZONE = { id: 'wecomDataZone', name: 'WeCom Data account (Tencent Data Zone)' };
const ARCHIVE = { id: 'wecomArchive', name: 'WeCom Data account (Tencent Message Archive)' };
/** Credential of a third-party app that names no corp, for the example with many of them. */
const SUITE = { id: 'wecomSuite', name: 'WeCom third-party app' };
const MANY_CORPS = 'customer-corps.json';
/** Examples of the data zone are called so. */
const OF_THE_ZONE = /^zone-/;
const MAX_ID_CHARACTERS = 21;

/** Under which id an example is imported. */
export function exampleId(file: string): string {
	return file.replace('.json', '').slice(0, MAX_ID_CHARACTERS);
}

/**
 * Imports credentials and examples as an administrator does, through n8n's command line.
 *
 * @param robotUrl stands for the group robot that examples tell something
 * @param filesFolder where examples save files; n8n has to be allowed to write there
 * @param modelUrl a language model for the example with an agent, where there is one
 */
export async function importExamples(
	settings: N8nSettings,
	wecom: Simulator,
	robotUrl: string,
	filesFolder: string,
	modelUrl?: string,
): Promise<void> {
	const { wecomDataApi, wecomCallbackApi } = credentialsFor(wecom);
	const receiveIds = `${wecomCallbackApi.receiveIds},${wecom.provider.corpId}`;
	const suite = suiteCredentialsFor(wecom);
	const { providerCorpId, providerSecret } = suite;
	const provider = { providerCorpId, providerSecret };
	const data = { ...wecomDataApi, ...provider };
	const inZone = { ...credentialsFor(wecom, 'dataZone').wecomDataApi, ...provider };
	const inArchive = credentialsFor(wecom, 'messageArchive').wecomDataApi;
	const ofSuite = { ...suite, authCorpId: '', permanentCode: '' };
	const model = { apiKey: 'sk-none', url: `${modelUrl}/v1` };
	const credentials = [
		{ ...REFERENCE, type: 'wecomDataApi', data },
		{ ...DATA_ZONE, type: 'wecomDataApi', data: inZone },
		{ ...ARCHIVE, type: 'wecomDataApi', data: inArchive },
		{ id: 'wecomCallbackApi', name: 'WeCom Callback account', type: 'wecomCallbackApi', data: { ...wecomCallbackApi, receiveIds } }, // prettier-ignore
		{ ...SUITE, type: 'wecomDataApi', data: ofSuite },
		...(modelUrl ? [{ id: 'openAiApi', name: 'OpenAi account', type: 'openAiApi', data: model }] : []), // prettier-ignore
	];
	const workflow = EXAMPLE_FILES.map((file) =>
		toImport(file, filledIn(file, wecom, robotUrl, filesFolder)),
	);
	for (const [kind, content] of Object.entries({ credentials, workflow })) {
		const path = join(settings.folder, `${kind}.json`);
		writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
		await runN8n(settings, `import:${kind}`, `--input=${path}`);
		rmSync(path);
	}
}

function toImport(file: string, example: Example): Example & { active: boolean } {
	const chosen = credentialOf(file);
	for (const { credentials } of example.nodes) {
		if (credentials?.wecomDataApi) credentials.wecomDataApi = chosen;
	}
	return { ...example, id: exampleId(file), active: false };
}

function credentialOf(file: string): { id: string; name: string } {
	if (file === MANY_CORPS) return SUITE;
	if (ARCHIVE_EXAMPLES.includes(file)) return ARCHIVE;
	return OF_THE_ZONE.test(file) ? DATA_ZONE : REFERENCE;
}
