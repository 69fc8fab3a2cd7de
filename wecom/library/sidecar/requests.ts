import * as z from 'zod/v4';

import { InvalidInputError } from '../../errors';
import { MAX_BATCH } from './wire';

const text = z.string().optional();
const access = z.strictObject({
	corpId: z.string(),
	secret: z.string(),
	proxy: text,
	passwd: text,
	timeoutSeconds: z.number().optional(),
});

/**
 * Bodies of requests, by what is asked for: which fields there are, and of which type. What the library
 * can be called with it knows itself. `access` says whose archive, and the way there.
 */
export const requestSchemas = {
	chatData: z.strictObject({
		access,
		seq: z.string().regex(/^\d{1,20}$/).transform(BigInt), // prettier-ignore
		limit: z.number(),
	}),
	decrypt: z.strictObject({
		access,
		batch: z
			.array(z.strictObject({ randomKey: z.string(), ciphertext: z.string() }))
			.max(MAX_BATCH),
	}),
	media: z.strictObject({ access, sdkfileid: z.string(), index: z.string() }),
	check: z.strictObject({ access }),
};

/**
 * Reads a body.
 *
 * @throws InvalidInputError naming the field, never its value
 */
export function parseRequest<Schema extends z.ZodType>(
	schema: Schema,
	json: unknown,
): z.output<Schema> {
	const parsed = schema.safeParse(json);
	if (parsed.success) return parsed.data;
	const field = parsed.error.issues[0]?.path.join('.') || 'body';
	throw new InvalidInputError(field, `"${field}" is not what the sidecar takes`);
}
