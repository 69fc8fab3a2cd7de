import { noticeField } from '../../../shared/fields';

/** Whose token installing and exchanging need. */
export const suiteNotice = noticeField(
	'suiteNotice',
	'This is done by the suite (third-party app or 代开发 template), not by a corp: choose Third-Party App (Suite) as authentication on the credential. Its Auth Corp ID may stay empty.',
);
