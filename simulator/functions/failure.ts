/** What goes wrong in the image itself: one in Java says it in plain text, one in Python by 710660. */
export class ImageFailure extends Error {
	/** @param message - what the image in Java answers */
	constructor(message: string) {
		super(message);
		this.name = 'ImageFailure';
	}
}
