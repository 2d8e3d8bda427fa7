// The errors of Azure's SDK, recognised without the SDK.
import { isRestError as ofTheSdk, RestError } from '@azure/core-rest-pipeline';
import { RestError as OfTables } from '@azure/data-tables';
import { RestError as OfQueues } from '@azure/storage-queue';
import { describe, expect, it } from 'vitest';
import { isRestError } from '../../../../src/lib/azure/clients/rest-error.ts';

describe('an error', () => {
  it.each([new RestError('x'), new OfTables('x'), new OfQueues('x')])('of an SDK client is one: %o', (error) => {
    expect([isRestError(error), ofTheSdk(error)]).toEqual([true, true]);
  });

  it.each([new Error('RestError'), { name: 'RestError', statusCode: 404 }, undefined, 'RestError'])(
    'of anything else is none: %o',
    (error) => {
      expect(isRestError(error)).toBe(false);
    },
  );
});
