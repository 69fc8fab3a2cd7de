import type { IDataObject } from 'n8n-workflow';

import type { Consent } from '../../../../wecom/api/archive';

/** agree_status as a yes or no. Source: documents 91782 and 101366. */
const AGREED: Readonly<Partial<Record<string, boolean>>> = {
	Agree: true,
	Default_Agree: true,
	Disagree: false,
};

/** What WeCom says of a customer, with `agreed` beside it: null where the status is none of the three. */
export function withAgreed(answer: Partial<Consent>): IDataObject {
	return { ...answer, agreed: AGREED[String(answer.agree_status)] ?? null };
}
