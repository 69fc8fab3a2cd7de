import { noticeField } from '../../shared/fields';

/** What every call about archived conversations needs. */
export const archiveNotice = noticeField(
	'archiveNotice',
	'The corp must have opened the chat archive (会话内容存档), and have authorized it for the app of the credential where that is an app; only members in its range are archived.',
);

/** Gotcha G1 of the reference document. */
export const keysNotice = noticeField(
	'keysNotice',
	'Messages are opened with the RSA private keys of the "WeCom Data API" credential, by their version. The EncodingAESKey of a callback is another key and opens none.',
);
