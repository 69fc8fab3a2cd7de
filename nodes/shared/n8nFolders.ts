import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import process from 'node:process';

/** Where n8n lets nodes read and write files when nothing else is said. */
const FILES_FOLDER = '.n8n-files';

/**
 * Folders in which n8n keeps its data, and those in which workflows may write files: what lies there
 * may have come from a workflow. Source: n8n 2.41.1, InstanceSettings, StorageConfig, SecurityConfig.
 */
export function n8nFolders(): string[] {
	const { env } = process;
	const home = env.N8N_USER_FOLDER?.trim() || homedir();
	const said = ['N8N_BINARY_DATA_STORAGE_PATH', 'N8N_STORAGE_PATH', 'N8N_RESTRICT_FILE_ACCESS_TO']
		.flatMap((name) => env[name]?.split(';') ?? [])
		.map((folder) => folder.trim().replace(/^~(?=\/|$)/, homedir()))
		.filter(isAbsolute);
	return [join(home, '.n8n'), join(homedir(), FILES_FOLDER), ...said];
}
