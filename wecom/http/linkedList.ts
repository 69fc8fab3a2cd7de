/** A place in a list; whoever added the value keeps it to take the value out again. */
export interface ListNode<T> {
	readonly value: T;
	previous: ListNode<T> | undefined;
	next: ListNode<T> | undefined;
}

/** A list from which any value can be taken at once, however long it is; an array would search. */
export class LinkedList<T> {
	private head: ListNode<T> | undefined;
	private tail: ListNode<T> | undefined;

	/** The value that was added first, and its place. */
	get first(): ListNode<T> | undefined {
		return this.head;
	}

	/** Adds a value at the end. */
	push(value: T): ListNode<T> {
		const node: ListNode<T> = { value, previous: this.tail, next: undefined };
		if (this.tail) this.tail.next = node;
		else this.head = node;
		this.tail = node;
		return node;
	}

	/** @param node which this list handed out and which is still in it */
	remove(node: ListNode<T>): void {
		const { previous, next } = node;
		if (previous) previous.next = next;
		else this.head = next;
		if (next) next.previous = previous;
		else this.tail = previous;
	}
}
