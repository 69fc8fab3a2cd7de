/** log_level by its number. Source: document 101352. */
export const LOG_LEVELS: Readonly<Partial<Record<number, string>>> = {
	1: 'ERR',
	2: 'INFO',
	3: 'DBG',
};
