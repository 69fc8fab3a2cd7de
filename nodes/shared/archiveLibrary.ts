import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { toLibraryRoute } from '../../wecom/api/libraryRoute';
import { InvalidInputError } from '../../wecom/errors';
import { configureLibraries, openLibrary } from '../../wecom/library';
import type { LibraryPlace, OpenLibrary } from '../../wecom/library/archiveLibrary';
import type { CustomerCorp } from './credentials';
import { textOf, yesIn } from './credentialFields';
import { n8nFolders } from './n8nFolders';

let isConfigured = false;

/**
 * Opens Tencent's library as a `wecomDataApi` credential describes it. What is wrong with the
 * credential is told once the library is wanted: consent and groups do without it.
 *
 * @param customer for one item, in place of the credential's own corp
 */
export function toOpenLibrary(
	credential: ICredentialDataDecryptedObject,
	customer?: CustomerCorp,
): OpenLibrary {
	return (route) => {
		if (!isConfigured) configureLibraries({ forbiddenFolders: n8nFolders() });
		isConfigured = true;
		const access = {
			corpId: customer?.authCorpId ?? textOf(credential, 'corpId'),
			secret: customer?.permanentCode ?? textOf(credential, 'corpSecret'),
		};
		requireSecret(credential, access);
		const own = toLibraryRoute({ proxy: textOf(credential, 'proxyUrl') }, 'proxyUrl');
		// The password of one proxy is nothing for another.
		return openLibrary(toPlace(credential), { ...access, ...(route?.proxy ? {} : own), ...route });
	};
}

function requireSecret(
	{ authentication }: ICredentialDataDecryptedObject,
	{ corpId, secret }: { corpId: string; secret: string },
): void {
	if (authentication === 'accessToken' || authentication === 'suite') {
		throw new InvalidInputError(
			'authentication',
			"Tencent's library opens an archive with the corp id and the secret of 会话内容存档, and the credential has another authentication",
			'Choose Corp ID and Secret as Authentication on the credential.',
		);
	}
	for (const [field, label, value] of [
		['corpId', 'Corp ID', corpId],
		['corpSecret', 'Corp Secret', secret],
	] as const) {
		if (value !== '') continue;
		throw new InvalidInputError(
			field,
			`"${label}" on the credential is empty, and Tencent's library opens no archive without it`,
			'The secret is that of 会话内容存档, in the admin console under 管理工具 → 会话内容存档.',
		);
	}
}

function toPlace(credential: ICredentialDataDecryptedObject): LibraryPlace {
	const at = textOf(credential, 'archiveLibrary') || 'thisMachine';
	if (at === 'thisMachine') return { at };
	if (at !== 'sidecar') {
		throw new InvalidInputError(
			'archiveLibrary',
			'"Archive Library" on the credential is neither thisMachine nor sidecar',
			'Choose where the library runs; an expression has to give one of these two words.',
		);
	}
	return {
		at,
		url: textOf(credential, 'sidecarUrl'),
		token: textOf(credential, 'sidecarToken'),
		allowPlainHttp: yesIn(credential, 'allowPlainHttp', 'Allow Plain HTTP'),
	};
}

/** Whether a proxy URL is for the library alone: requests over HTTP cannot go through it. */
export function isSocks(proxyUrl: string): boolean {
	return /^socks/i.test(proxyUrl);
}
