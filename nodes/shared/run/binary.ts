import { Readable } from 'node:stream';

import type { IExecuteFunctions } from 'n8n-workflow';

import type { UploadFile } from '../../../wecom/http/multipart';

/**
 * A file in an input item. Where n8n keeps the data outside the item it is read while it is sent, and
 * never held here.
 *
 * @param name of the binary field
 * @throws what n8n throws where the item has no such field
 */
export async function openBinary(
	{ helpers }: Pick<IExecuteFunctions, 'helpers'>,
	itemIndex: number,
	name: string,
): Promise<Omit<UploadFile, 'field'>> {
	const { id, fileName, mimeType } = helpers.assertBinaryData(itemIndex, name);
	const facts = { fileName: fileName ?? 'file', contentType: mimeType };
	if (id) {
		const { fileSize } = await helpers.getBinaryMetadata(id);
		return { ...facts, size: fileSize, open: async () => await helpers.getBinaryStream(id) };
	}
	const content = await helpers.getBinaryDataBuffer(itemIndex, name);
	return { ...facts, size: content.length, open: () => Readable.from(content) };
}
