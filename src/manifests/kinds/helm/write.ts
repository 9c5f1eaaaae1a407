import { wholeScalar } from '../kind.ts';

/** A chart may read a plain number in its values as a number: it stays one. */
export const helmWriter = wholeScalar({ mayStayTyped: true });
