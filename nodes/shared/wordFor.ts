import { EDITIONS } from '../../wecom/api/orders';

/** The word for one of WeCom's numbers; null where there is none. */
export function wordFor(
	words: Readonly<Partial<Record<number, string>>>,
	value: unknown,
): string | null {
	return words[Number(value)] ?? null;
}

/** The word for an edition of the archive; null where there is none. */
export function editionName(edition: unknown): string | null {
	return wordFor(EDITIONS, edition);
}
