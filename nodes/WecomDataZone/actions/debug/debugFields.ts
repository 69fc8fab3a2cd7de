import { noticeField } from '../../../shared/fields';

/** What debug mode is, and for whom. Source: documents 101390 and 101391. */
export const debugNotice = noticeField(
	'debugNotice',
	'In debug mode the calls of a program go to your debug server. It exists for corps that installed the app as a test, or that belong to the tests of the provider (代开发), and takes effect once the program has called SpecOpenDebugMode with the same debug token, too.',
);
