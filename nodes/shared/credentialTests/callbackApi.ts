import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { ANY_RECEIVE_ID, CallbackReceiver } from '../../../wecom/callback/receiver';
import { toCallbackSettings } from '../credentials';
import { proof, type Finding } from './finding';

/**
 * Checks Token and EncodingAESKey for form; WeCom has nothing to ask them at.
 *
 * @throws InvalidInputError naming the field that cannot be used
 */
export function* checkCallbackCredential(data: ICredentialDataDecryptedObject): Generator<Finding> {
	const settings = toCallbackSettings(data);
	new CallbackReceiver(settings);
	yield proof('Token and EncodingAESKey have the right form');
	yield proof(whoIsAccepted(settings.receiveIds));
}

function whoIsAccepted(receiveIds: readonly string[]): string {
	if (receiveIds.length === 0) return 'only callbacks without a receive id are accepted';
	return receiveIds.includes(ANY_RECEIVE_ID)
		? 'callbacks of every corp with this Token and key are accepted'
		: `callbacks for ${receiveIds.join(', ')} are accepted`;
}
