/** A list under a name of its own, as in `{"type_list": [1]}`. */
type Listed<Name extends string, Entry> = Readonly<Partial<Record<Name, readonly Entry[]>>>;

/** Words that a rule looks for. */
export interface RuleKeyword {
	readonly word_list?: readonly string[];
	/** 1 (default): the case of letters counts. */
	readonly is_case_sensitive?: number;
	/** 0 (default) contains, 1 equals. */
	readonly match_rule?: number;
	/** 1: blanks around the message do not count, where match_rule is 1. */
	readonly is_trim_msg?: number;
}

/** Whose messages a rule looks at, and which. */
export interface RuleRange {
	/** 1 staff, 2 customers. */
	readonly target_type?: Listed<'type_list', number>;
	/** 1 single chats, 2 groups. */
	readonly chat_type?: Listed<'type_list', number>;
	readonly department?: Listed<'id_list', number>;
	readonly user?: Listed<'id_list', string>;
	readonly external_contact?: Listed<'id_list', string>;
	readonly chat?: Listed<'id_list', string>;
	/** 1 (default) what they send, 2 what they receive, 3 both. */
	readonly msg_scope?: number;
	readonly exclude_mobile?: Listed<'mobile_list', string>;
	readonly exclude_email?: Listed<'email_list', string>;
	readonly exclude_bank_card?: Listed<'bank_card_list', string>;
	readonly exclude_keyword?: Listed<'word_list', string>;
	/** 1 among staff, 2 with customers. */
	readonly session_type?: Listed<'session_type_list', number>;
	readonly voice_match_msgtype?: Listed<'type_list', number>;
}

/** A keyword rule in the fields of the API (document 99829). */
export interface RuleBody {
	readonly name: string;
	readonly keyword?: RuleKeyword;
	readonly semantics?: Listed<'semantics_list', number>;
	readonly applicable_range?: RuleRange;
}
