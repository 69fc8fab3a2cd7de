import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { checkCallbackCredential } from './callbackApi';
import { checkDataCredential } from './dataApi';
import { outcome } from './outcome';
import { checkStateCredential } from './stateApi';

/**
 * Tests of the package's credentials, for `methods.credentialTest`: they say in WeCom's own words
 * what is wrong, and parse every key.
 */
export const credentialTests = {
	async wecomDataApiTest(
		this: ICredentialTestFunctions,
		credential: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		return await outcome(checkDataCredential, credential);
	},

	async wecomCallbackApiTest(
		this: ICredentialTestFunctions,
		credential: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		return await outcome(checkCallbackCredential, credential);
	},

	async wecomStateApiTest(
		this: ICredentialTestFunctions,
		credential: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		return await outcome(checkStateCredential, credential);
	},
};

/** Those of the action nodes and the polling trigger. */
export const dataApiTests = {
	wecomDataApiTest: credentialTests.wecomDataApiTest,
	wecomStateApiTest: credentialTests.wecomStateApiTest,
};
