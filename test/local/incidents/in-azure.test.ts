// Systems that are a part of Azure: the simulation hands them what is for their address, and checks the token before.
import { expect, it } from 'vitest';
import { guestFor } from '../../../local/azure/wire/guest.ts';
import { azurePlace } from '../../../local/incidents/in-azure.ts';
import type { Behaviour, LocalRequest } from '../../../local/incidents/server.ts';

it('a system in Azure gets the requests for its address, with what it knows a sender by', async () => {
  const place = azurePlace();
  const got: LocalRequest[] = [];
  const behaviour: Behaviour = {
    answer(request) {
      got.push(request);
      return { status: 201, body: { taken: true } };
    },
    seen: () => [],
    reset: () => undefined,
  };
  const address = { host: 'management.azure.com', path: '/subscriptions/1/accounts/a', audience: 'https://arm' };
  const system = await place.at(address, 'ours')(behaviour);
  expect(system.url).toBe('https://management.azure.com');

  const asked = (path: string) => ({
    method: 'PUT',
    host: 'management.azure.com',
    url: new URL(`https://management.azure.com${path}`),
    authorization: 'Bearer of an identity',
    contentType: 'application/json',
    body: { a: 1 },
  });
  const request = asked('/subscriptions/1/Accounts/a/issues/i?api-version=1');
  expect(guestFor(place.placed, request)?.answer(request)).toEqual({ status: 201, body: { taken: true } });
  expect(got).toEqual([
    {
      method: 'PUT',
      url: '/subscriptions/1/Accounts/a/issues/i?api-version=1',
      headers: { authorization: 'Bearer ours', 'content-type': 'application/json' },
      body: '{"a":1}',
    },
  ]);
  expect(guestFor(place.placed, asked('/subscriptions/2'))).toBeUndefined();

  system.strike('answer-lost');
  expect(guestFor(place.placed, request)?.answer(request)).toEqual({ status: 502 });
  expect(system.changes()).toBe(2);
});
