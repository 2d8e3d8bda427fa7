// Entries and pages of the Activity Log, as the API answers them.

const named = (value: string): { value: string } => ({ value });

/** An entry of an hour before the tests' instant. */
export function entry(operation: string, status: string, more: object = {}): object {
  return {
    eventTimestamp: '2026-06-01T01:00:00Z',
    operationName: named(operation),
    status: named(status),
    ...more,
  };
}

export const page = (...value: object[]): object => ({ value });
