import { randomUUID } from 'node:crypto';

import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { InvalidInputError } from '../../../wecom/errors';
import { checkRedis, makeRedisState } from '../../../wecom/state/redisState';
import { toRedisSettings } from '../credentials';
import { proof, type Finding } from './finding';
import { TEST_TIMEOUT_MS } from './outcome';

/**
 * Tries all that is done with a Redis, and writes a value and reads it back.
 *
 * @throws WecomError saying what does not work
 */
export async function* checkStateCredential(
	data: ICredentialDataDecryptedObject,
): AsyncGenerator<Finding> {
	const settings = toRedisSettings(data);
	await checkRedis(settings);
	const { secrets } = makeRedisState(settings);
	const value = randomUUID();
	await secrets.set('test', value, TEST_TIMEOUT_MS);
	if ((await secrets.get('test')) !== value) {
		throw new InvalidInputError(
			'keyPrefix',
			'Redis gave back something else than was written',
			'Is there another writer with the same Key Prefix, or a Redis that drops keys at once?',
		);
	}
	yield proof(
		data.encryptionKey || data.password
			? 'Redis keeps what is written, encrypted'
			: 'Redis keeps what is written; fill in Encryption Key, without it and a password suite tickets are hardly protected',
	);
}
