/** What the display component hides from a member (document path 100055). */
export interface PrivacyConfig {
	readonly hide_mobile: boolean;
	readonly hide_idcard: boolean;
	readonly hide_bankno: boolean;
}

/** Who was never configured sees none of them. */
const HIDDEN: PrivacyConfig = { hide_mobile: true, hide_idcard: true, hide_bankno: true };
const SHOWN: PrivacyConfig = { hide_mobile: false, hide_idcard: false, hide_bankno: false };

/** What is hidden, member by member. */
export class Privacy {
	private readonly configs = new Map<string, PrivacyConfig>();

	/** What is hidden from a member. */
	get(userid: string): PrivacyConfig {
		return this.configs.get(userid) ?? HIDDEN;
	}

	/** Replaces what is hidden: whatever is not named is shown from now on. */
	set(userid: string, config: Partial<PrivacyConfig>): void {
		this.configs.set(userid, { ...SHOWN, ...config });
	}
}
