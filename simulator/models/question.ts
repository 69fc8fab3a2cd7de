import type { TagGroup, World } from '../data/world';
import { Refusal } from '../refusal';
import type { GeneralQuestion } from './index';

/** A request to a model, checked. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * What the general model is asked.
 *
 * @throws Refusal 40068 for a group of tags there is not
 */
export function questionOf(fields: Fields, world: World): GeneralQuestion {
	const {
		model_id: modelId,
		kb_id: kbId,
		kb_retrieval_words: retrievalWords,
	} = fields as Readonly<Record<string, string | undefined>>;
	return {
		...(modelId === undefined ? {} : { modelId }),
		...(kbId === undefined ? {} : { kbId }),
		...(retrievalWords === undefined ? {} : { retrievalWords }),
		think: fields.need_think_result === true,
		variables: (fields.var_args ?? []) as GeneralQuestion['variables'],
		tagGroups: tagGroupsOf(fields, world) ?? [],
	};
}

/**
 * The groups that are asked about; undefined where none is named.
 *
 * @throws Refusal 40068 for a group there is not
 */
export function tagGroupsOf(
	{ tag_group_list: list }: Fields,
	world: World,
): TagGroup[] | undefined {
	const asked = (list ?? []) as Array<{ group_id: string }>;
	if (asked.length === 0) return undefined;
	return asked.map(({ group_id: id }, index) => {
		const group = world.tagGroups.find(({ groupId }) => groupId === id);
		if (group === undefined) throw new Refusal(40068, `tag_group_list[${index}].group_id`);
		return group;
	});
}
