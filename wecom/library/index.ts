import type { ArchiveLibrary, LibraryAccess, LibraryPlace } from './archiveLibrary';
import { closeQueues } from './corpQueue';
import { LocalLibrary } from './localLibrary';
import { SidecarLibrary } from './sidecar/client';

export { configureLibraries, type LibrarySettings } from './settings';

/**
 * Tencent's library for one corp. It starts nothing: processes start with the first call, are shared by
 * all that read the same archive the same way, and end when they are idle.
 *
 * @throws InvalidInputError naming what the library cannot be called with
 */
export function openLibrary(place: LibraryPlace, access: LibraryAccess): ArchiveLibrary {
	if (place.at === 'sidecar') return new SidecarLibrary(place, access);
	return new LocalLibrary(access);
}

/** Ends every process of the library, and refuses what waits for one. For programs that end. */
export async function closeLibraries(): Promise<void> {
	await closeQueues();
}
