/** What the data zone calls somebody, by its number. Source: documents 99824, 99825 and 100235. */
export const PERSON_TYPES: Readonly<Partial<Record<number, string>>> = {
	1: 'member',
	2: 'customer',
	3: 'robot',
};
