/**
 * Many secrets, each known for a while. Finding them in a text takes as long for a hundred thousand
 * as for one, for secrets of the same kind are of the same length.
 */
export class ManySecrets {
	/** By length: how many hold each of them. */
	private readonly byLength = new Map<number, Map<string, number>>();

	/** Characters of the longest one. */
	get longest(): number {
		return Math.max(0, ...this.byLength.keys());
	}

	/** @returns what forgets them */
	hold(secrets: readonly string[]): () => void {
		const held = [...secrets];
		for (const secret of held) this.count(secret, 1);
		return () => {
			for (const secret of held.splice(0)) this.count(secret, -1);
		};
	}

	/** Where they begin and end in a text. */
	*rangesIn(text: string): Generator<readonly [number, number]> {
		for (const [length, secrets] of this.byLength) {
			for (let at = 0; at + length <= text.length; at++) {
				if (secrets.has(text.slice(at, at + length))) yield [at, at + length];
			}
		}
	}

	private count(secret: string, by: number): void {
		const secrets = this.byLength.get(secret.length) ?? new Map<string, number>();
		const count = (secrets.get(secret) ?? 0) + by;
		if (count > 0) secrets.set(secret, count);
		else secrets.delete(secret);
		if (secrets.size > 0) this.byLength.set(secret.length, secrets);
		else this.byLength.delete(secret.length);
	}
}
