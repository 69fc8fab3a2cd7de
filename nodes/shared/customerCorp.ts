import type { INodeProperties } from 'n8n-workflow';

import { asText } from '../../wecom/api/fields';
import { InvalidInputError } from '../../wecom/errors';
import { trimmed } from '../../wecom/visible';
import type { CustomerCorp } from './credentials';

/** Fields in Options that choose the customer corp per item, so that one credential serves all. */
export const customerCorpFields: INodeProperties[] = [
	{
		displayName: 'Auth Corp ID',
		name: 'authCorpId',
		type: 'string',
		default: '',
		placeholder: 'e.g. wpE1rQjFAAAA2Hq8mTn5vKcL0sYdWbXg',
		description:
			'Customer corp to call for, in place of the one on the credential; together with its Permanent Code',
	},
	{
		displayName: 'Permanent Code',
		name: 'permanentCode',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		description:
			'Permanent code (永久授权码) of the customer corp, from an expression: never typed into a workflow',
	},
];

/**
 * The customer corp in Options; undefined when there is none.
 *
 * @throws InvalidInputError when one of the two fields is missing
 */
export function readCustomerCorp(options: Partial<CustomerCorp>): CustomerCorp | undefined {
	if (options.authCorpId === undefined && options.permanentCode === undefined) return undefined;
	const authCorpId = textOf(options.authCorpId, 'Auth Corp ID');
	const permanentCode = textOf(options.permanentCode, 'Permanent Code');
	if (authCorpId === '' && permanentCode === '') return undefined;
	const missing = authCorpId === '' ? 'Auth Corp ID' : permanentCode === '' && 'Permanent Code';
	if (missing) {
		throw new InvalidInputError(
			missing,
			`"${missing}" is empty, expected both "Auth Corp ID" and "Permanent Code" of the customer corp, or neither`,
			'Both come out of WeCom Authorization → Exchange Auth Code.',
		);
	}
	return { authCorpId, permanentCode };
}

function textOf(value: unknown, field: string): string {
	if (value === undefined || value === null) return '';
	const text = asText(value);
	if (typeof text === 'string') return trimmed(text);
	throw new InvalidInputError(field, `"${field}" is a ${typeof value}, expected text`);
}
