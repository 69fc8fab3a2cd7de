import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { asText, flag, optional, parseInput } from '../../wecom/api/fields';
import { trimmed } from '../../wecom/visible';

/** A text field of a credential without the blanks around it; empty where there is none. */
export function textOf(credential: ICredentialDataDecryptedObject, field: string): string {
	const value = asText(credential[field]);
	return typeof value === 'string' ? trimmed(value) : '';
}

/**
 * A switch of a credential; off where it was saved before there was one.
 *
 * @throws InvalidInputError where an expression gives something else
 */
export function yesIn(
	credential: ICredentialDataDecryptedObject,
	field: string,
	label: string,
): boolean {
	return parseInput(optional(flag()), credential[field], label) ?? false;
}
