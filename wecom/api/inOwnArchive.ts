/** What a corp does with an archive of its own in place of what only the data zone has, in sentences. */

export const SEARCH_YOUR_OWN =
	'Tencent does not search the archive of a corp itself: fetch the messages with `getChatData` and search where you keep them.';

export const KEEP_YOUR_OWN =
	'Fetch the messages with `getChatData`, within five days, and write them where you want them.';

export const FILTER_YOUR_OWN =
	'No rules work on the archive of a corp itself: look for the words in the texts that `getChatData` brings.';

export const NO_PROGRAM =
	'No program works on the archive of a corp itself: its messages come out with `getChatData`.';

export const NO_MODELS =
	'The models and what they know belong to the data zone: give the texts that `getChatData` brings to a model of your own.';

export const BOUGHT_IN_CONSOLE =
	'The corp buys its archive itself, in the admin console under 会话内容存档.';

export const NO_AUTHORIZATION =
	'An archive of the corp itself is authorized by nobody else: corp id and the secret of 会话内容存档 open it.';

export const NOTHING_HIDDEN =
	'Nothing is hidden from those who read the archive itself: decide where you keep its messages who sees what.';

export const CORP_PAYS =
	'The corp pays for its customers itself: `getAcquisitionQuota` tells how many may still come.';
