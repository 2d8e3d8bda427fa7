// A row that is missing is an answer; a table that is missing is a failure.
import { RestError } from '@azure/data-tables';
import { describe, expect, it } from 'vitest';
import { isMissing, isNoRow } from '../../../../src/lib/azure/clients/rows.ts';

const withCode = (statusCode: number, code: string): RestError => new RestError('x', { statusCode, code });

describe('an error of table storage', () => {
  it('says that a row is missing by its code, or in its message', () => {
    expect(isNoRow(withCode(404, 'ResourceNotFound'))).toBe(true);
    expect(isNoRow(new RestError('{"odata.error":{"code":"ResourceNotFound"}}', { statusCode: 404 }))).toBe(true);
  });

  it.each([
    ['a missing table', withCode(404, 'TableNotFound'), true],
    ['another status', withCode(403, 'ResourceNotFound'), false],
    ['another error', new Error('ResourceNotFound'), false],
  ])('is no missing row: %s', (_, error, missing) => {
    expect(isNoRow(error)).toBe(false);
    expect(isMissing(error)).toBe(missing);
  });
});
