// What a log claims: labels for the messages that the software emits, and the names in them.
import { describe, expect, it } from 'vitest';
import { classify, classifyBy, isPullFailure, labels, meaningOf, tables } from '../../../src/lib/classify/classify.ts';
import type { Clue } from '../../../src/lib/classify/context.ts';

import type { Rule } from '../../../src/lib/classify/rule.ts';
import { messages } from './messages.ts';

describe('the messages of the software', () => {
  it.each(messages.map(({ label, text }) => [label, text] as const))('%s: %s', (label, text) => {
    expect(classify(text).label).toBe(label);
  });

  it('show every label', () => {
    expect(new Set(messages.map(({ label }) => label))).toEqual(new Set(labels));
  });
});

describe('the text of a log', () => {
  it.each([
    ['unauthorized', 'Container pull image failed with unauthorized error.', 'ImagePullUnauthorized'],
    [
      'firewall',
      `Container 'app' was terminated with exit code '' and reason 'ImagePullFailure'. Image acrshop.azurecr.io/a:v1 not found in registry. ErrorMessage=Image not found or access denied. Error: {"errors":[{"code":"DENIED","message":"client with IP '20.1.2.3' is not allowed access, refer https://aka.ms/acr/firewall to grant access"}]}`,
      'ContainerTerminated',
    ],
    [
      'manifest-unknown',
      `Container 'app' was terminated with exit code '' and reason 'ImagePullFailure'. Image acrshop.azurecr.io/a:v9 not found in registry. ErrorMessage=Image not found or access denied. Error: {"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest tagged by \\"v9\\" is not found"}]}`,
      'ContainerTerminated',
    ],
    [
      'unknown-pull-failure',
      "Container 'app' was terminated with exit code '' and reason 'ImagePullFailure'",
      'ContainerTerminated',
    ],
    [
      'not-a-pull-failure',
      "Container 'app' was terminated with exit code '1' and reason 'ProcessExited'. 401 unauthorized: access denied, user not found",
      'ContainerTerminated',
    ],
    [
      'not-a-pull-failure',
      'Successfully pulled image "acrshop.azurecr.io/a:v1" in 1.92s. Image size: 49283072 bytes.',
      'PulledImage',
    ],
    ['not-a-pull-failure', "Pulling image 'acrshop.azurecr.io/unauthorized:v1'", 'PullingImage'],
    [
      'not-a-pull-failure',
      'connection to redis failed: dial tcp: lookup test on 100.1.1.1:53: no such host',
      'KEDAScalerFailed',
    ],
  ])('is labelled %s', (label, text, reason) => {
    expect(classify(text, { reason }).label).toBe(label);
  });

  it('names the image, the registry and the refused address', () => {
    const text = `Image acrshop.azurecr.io/shop/a:v1 not found in registry. {"message":"client with IP '20.1.2.3' is not allowed access"}`;

    expect(classify(text)).toMatchObject({
      image: 'acrshop.azurecr.io/shop/a:v1',
      registry: 'acrshop.azurecr.io',
      tag: 'v1',
      refusedIp: '20.1.2.3',
    });
  });
});

describe('the reason of a row', () => {
  it('makes a cause count where the text alone would be another program', () => {
    expect(classify('x509: certificate has expired').label).toBe('not-a-pull-failure');
    expect(classify('x509: certificate has expired', { reason: 'ErrImagePull' }).label).toBe('tls');
  });

  it('is all that is known where the text says nothing', () => {
    expect(classify('see the events', { reason: 'ErrImagePull' })).toStrictEqual({
      label: 'unknown-pull-failure',
      rule: 'pull-without-cause',
      words: 'ErrImagePull',
    });
    expect(classify('see the events', { reason: 'ImagePullUnauthorized' })).toStrictEqual({
      label: 'unauthorized',
      rule: 'reason-unauthorized',
      words: 'ImagePullUnauthorized',
    });
  });

  it.each([
    ['the cause in the text', 'dial tcp: lookup a.azurecr.io: no such host', 'dns'],
    ['but not a text without a cause', 'Error response from daemon: No such image: a:1', 'unauthorized'],
  ])('of an unauthorized pull yields to %s', (_, text, label) => {
    expect(classify(text, { reason: 'ImagePullUnauthorized' }).label).toBe(label);
  });

  it('of another kind of pull yields to a text without a cause', () => {
    expect(classify('No such image: a:1', { reason: 'ErrImagePull' }).rule).toBe('no-such-image');
  });

  it('ends the matter where it is never about a pull', () => {
    expect(classify('ImagePullBackOff', { reason: 'PulledImage' })).toStrictEqual({
      label: 'not-a-pull-failure',
      rule: 'reason-of-something-else',
      words: 'PulledImage',
    });
  });

  it('stands in the text of a row, and the columns know better', () => {
    const text = '{"Msg":"ImagePullBackOff","Reason":"PulledImage"}';

    expect(classify(text).label).toBe('not-a-pull-failure');
    expect(classify(text, { reason: 'ContainerTerminated' }).label).toBe('unknown-pull-failure');
  });

  it('is that of a scaler where a scaler is the source', () => {
    const text = '{"Msg":"ImagePullBackOff","EventSource":"KEDA"}';

    expect(classify(text).label).toBe('not-a-pull-failure');
    expect(classify(text, { eventSource: 'ContainerAppController' }).label).toBe('unknown-pull-failure');
    expect(classify('ImagePullBackOff', { eventSource: 'Scaling' }).words).toBe('KEDA');
  });
});

describe('several attempts in one text', () => {
  const second = 'rpc error: code = Unknown desc = failed to authorize: 401 Unauthorized';

  it.each([
    ['the first decides', `failed to pull image "a:1": [rpc error: code = NotFound desc = x: not found, ${second}]`],
    [
      'an earlier list does not',
      `retried twice, rpc error: code = 1, failed to pull image "a:1": [rpc error: code = NotFound desc = x: not found, ${second}]`,
    ],
  ])('%s', (_, text) => {
    expect(classify(text).label).toBe('manifest-unknown');
  });

  it('are read whole where the first says nothing', () => {
    expect(classify(`failed to pull image "a:1": [rpc error: code = Unknown desc = , ${second}]`).label).toBe(
      'unauthorized',
    );
  });

  it('may be one', () => {
    expect(classify(`failed to pull image "a:1": [${second}]`).label).toBe('unauthorized');
  });
});

describe('a text that is broken in mid-word', () => {
  it.each([
    ['is read joined', 'dns', 'Failed to pull image "ghcr.io/a/b:1": no such ho\nst'],
    [
      'is read as it is where that has a cause',
      'network',
      'Failed to pull image "a/b:1": i/o timeout toomany\nrequests',
    ],
    [
      'is read so that no role is asked for, where one reading knows another cause',
      'firewall',
      'Image pull failed with unauthorized error. client with IP 20.1.2.3 is not allo\nwed access',
    ],
    ['is a failure if either reading is', 'unknown-pull-failure', 'Back-off pulling ima\nge "a/b:1"'],
    ['is a failure if only the first reading is', 'unknown-pull-failure', 'Error: ImagePullBackOff\nWarning'],
    ['is nothing if neither reading is', 'not-a-pull-failure', 'the server is st\narting'],
  ])('%s', (_, label, text) => {
    expect(classify(text).label).toBe(label);
  });

  it('is shown as the first reading has it where none says more', () => {
    expect(classify('the server is st\narting').words).toBe('the server is st arting');
  });

  it('names what the first reading names', () => {
    expect(classify('Failed to pull image "ghcr.io/a/b:1": no such ho\nst')).toMatchObject({
      rule: 'name-not-resolved',
      image: 'ghcr.io/a/b:1',
      registry: 'ghcr.io',
    });
  });
});

describe('the words of an answer', () => {
  it('are those that matched, and the start of the text where none did', () => {
    expect(classify('Failed to pull image "ghcr.io/a/b:1": lookup: no such host').words).toBe('no such host');
    expect(classify(`Back-off pulling image "a/b:1"`).words).toBe('Back-off pulling image');
    expect(classify(`${'all is well. '.repeat(20)}`).words).toBe('all is well. '.repeat(20).slice(0, 80).trim());
  });

  it('are at most 200, without blanks around them', () => {
    const long: Rule = { name: 'long', means: 'a test', label: 'tls', needs: 'nothing', pattern: /start.{0,400}/ };
    const blank: Rule = { name: 'blank', means: 'a test', label: 'dns', needs: 'nothing', pattern: / middle / };

    expect(classifyBy({ ...tables, rules: [long], gated: false }, `start${'x'.repeat(300)}`).words).toBe(
      `start${'x'.repeat(195)}`,
    );
    expect(classifyBy({ ...tables, rules: [blank], gated: false }, 'the middle of it').words).toBe('middle');
  });
});

describe('the clues', () => {
  const [registry, pull]: [Clue, Clue] = [
    { name: 'r', means: 'a test', shows: 'registry', pattern: /registry/ },
    { name: 'p', means: 'a test', shows: 'pull', pattern: /pull failed/ },
  ];
  const rule: Rule = { name: 'rule', means: 'a test', label: 'dns', needs: 'pull', pattern: /lost/ };

  it.each([
    ['registry first', [registry, pull]],
    ['pull first', [pull, registry]],
  ])('count in any order: %s', (_, clues) => {
    const from = { ...tables, clues, rules: [rule] };

    expect(classifyBy(from, 'registry: pull failed: lost').rule).toBe('rule');
    expect(classifyBy(from, 'registry: lost').rule).toBe('nothing-matched');
    expect(classifyBy(from, 'lost').rule).toBe('nothing-matched');
  });
});

describe('a label', () => {
  it('is a pull failure, all but one', () => {
    expect(labels.filter((label) => !isPullFailure(label))).toEqual(['not-a-pull-failure']);
  });
});

describe('what a rule means', () => {
  it('is said for every answer', () => {
    const answers = [
      ...messages.map(({ text }) => classify(text)),
      classify('', { reason: 'PulledImage' }),
      classify('', { reason: 'ImagePullUnauthorized' }),
    ];

    expect(answers.filter(({ rule }) => meaningOf(rule) === '')).toEqual([]);
  });

  it('stands in its row', () => {
    const [rule, alike] = [tables.rules[0], tables.lookAlikes[0]];

    expect([meaningOf('acr-firewall'), meaningOf('other-termination')]).toEqual([rule?.means, alike?.means]);
  });

  it('is nothing for a rule that does not exist', () => {
    expect(meaningOf('no-such-rule')).toBe('');
  });
});
