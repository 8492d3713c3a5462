import { DomainError } from '../../domain/errors.ts';

/**
 * Parses a request now, and refuses it later: the caller is told what is not there, or has changed,
 * before what is wrong with the request. What the caller may not do is refused at the first moment.
 */
export function readLater<T>(read: () => T): () => T {
  try {
    const value = read();
    return () => value;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'access.forbidden') {
      throw error;
    }
    return () => {
      throw error;
    };
  }
}
