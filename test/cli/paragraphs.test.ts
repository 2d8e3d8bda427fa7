// Lines of pasted text without a time: what a terminal has wrapped is one message, and two failures are two messages.
import { describe, expect, it } from 'vitest';
import type { Line } from '../../src/cli/lines.ts';
import { columnsOfLine, Paragraph } from '../../src/cli/paragraphs.ts';

function linesOf(...texts: readonly string[]): Line[] {
  return texts.map((text, index) => ({ number: index + 1, text }));
}

/** The numbers of the lines of each message. */
function messages(...texts: readonly string[]): number[][] {
  const paragraph = new Paragraph();
  const divided = [...linesOf(...texts).flatMap((line) => [...paragraph.add(line)]), ...paragraph.end()];
  return divided.map((message) => message.map(({ number }) => number));
}

const orders = 'Failed to pull image "acrshop.azurecr.io/orders:v1": unauthorized: authentication required';
const stock = 'Failed to pull image "acrshop.azurecr.io/stock:v7": manifest unknown';
const started = 'Started container orders';

describe('lines without a time', () => {
  it.each([
    ['two failures of two images', [orders, stock], [[1], [2]]],
    ['the same failure twice', [orders, orders], [[1], [2]]],
    ['a failure between other lines', ['Pulling image acrshop.azurecr.io/orders:v1', orders, started], [[1], [2, 3]]],
    [
      'two causes, each in words of its own',
      ['toomanyrequests: retry later', 'denied: client with IP 20.1.2.3 is not allowed access to acrshop.azurecr.io'],
      [[1], [2]],
    ],
    [
      'failures of two registries that name no image',
      [
        'dial tcp: lookup acrshop.azurecr.io on 168.63.129.16:53: no such host',
        'error: dial tcp: lookup acrbilling.azurecr.io: no such host',
      ],
      [[1], [2]],
    ],
    [
      'two causes where the first line is the longest, so that it may look wrapped',
      [orders, 'toomanyrequests: slow down'],
      [[1], [2]],
    ],
    [
      'two causes at one registry',
      [
        'Error response from daemon: Head "https://acrshop.azurecr.io/v2/orders/manifests/v1": unauthorized',
        'ctr: failed to resolve reference "acrshop.azurecr.io/orders:v1": dial tcp 10.0.0.4:443: i/o timeout',
      ],
      [[1], [2]],
    ],
    [
      'a failure below a line with a time, of another cause',
      [`2026-01-01T10:00:00Z ${orders}`, 'Error response from daemon: toomanyrequests: slow down'],
      [[1], [2]],
    ],
    [
      'a list of images',
      [
        'Failed to deploy:',
        ' - acrshop.azurecr.io/orders:v1: pull access denied',
        ' - ghcr.io/acme/stock:v7: manifest unknown',
      ],
      [[1, 2], [3]],
    ],
    [
      'the same cause at the same registry, in words of its own',
      [orders, 'Error response from daemon: Head "https://acrshop.azurecr.io/v2/orders/manifests/v1": unauthorized'],
      [[1], [2]],
    ],
    [
      'a name that another line ends with',
      ['acrshop.azurecr.io/orders:v1: manifest unknown', 'ghcr.io/acme/stock:v7: manifest unknown'],
      [[1], [2]],
    ],
  ])('are messages of their own: %s', (_what, texts, expected) => {
    expect(messages(...texts)).toEqual(expected);
  });

  it.each([
    [
      'a terminal broke the line between words',
      [
        'Failed to pull image "acrshop.azurecr.io/orders:v1": failed to resolve',
        'reference "acrshop.azurecr.io/orders:v1": unexpected status: 401',
        'Unauthorized',
      ],
    ],
    [
      'a terminal broke the line inside of a name',
      ['Failed to pull image "acrshop.azurecr.io/orders:v1": failed to resolve ref', 'erence "acrshop.azurecr.io/ord'],
    ],
    ['the sentence goes on', ['ACR token exchange endpoint returned', 'Error status: 403']],
    ['a colon promises more', ['ERROR: Field containers.orders.image is invalid with details:', orders]],
    ['a stack trace follows', ['Unhandled exception: unauthorized', '   at Orders.Main()', '   at Shop.Run()']],
    ['the tool adds details', ['Failed to provision revision: unauthorized', 'Code: ContainerAppOperationError']],
    ['the platform says again that the pull failed', [orders, 'Error: ErrImagePull']],
    [
      'a terminal broke the line inside of a word, and each half is a failure',
      [
        'Image pull failed with unauthorized error at acrshop.azurecr.io: client with IP 20.1.2.3 is not allo',
        'wed access',
      ],
    ],
    [
      'the prose of the platform stands above the body of the error',
      [
        'Image acrshop.azurecr.io/orders:v1 not found in registry. ErrorMessage=Image not found or access denied.',
        'Error: {"errors":[{"code":"DENIED","message":"client with IP 20.1.2.3 is not allowed access"}]}',
      ],
    ],
  ])('are one message where %s', (_why, texts) => {
    expect(messages(...texts)).toEqual([texts.map((_, index) => index + 1)]);
  });

  it('belong to the line with a time above them', () => {
    expect(messages('2026-01-01T10:00:00Z pull failed', 'Unauthorized by acrshop.azurecr.io')).toEqual([[1, 2]]);
    expect(messages('2026-01-01T10:00:00Z pull failed', '2026-01-01T10:00:01Z again')).toEqual([[1], [2]]);
  });

  it('are divided while they come, so that a log without blank lines does not fill the memory', () => {
    const paragraph = new Paragraph();
    const early = linesOf(...Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? orders : stock))).flatMap(
      (line) => [...paragraph.add(line)],
    );

    expect(early.length).toBeGreaterThan(250);
    expect(early.length + [...paragraph.end()].length).toBe(400);
  });
});

describe('a row of kubectl', () => {
  it('has its type and its reason', () => {
    expect(columnsOfLine('2m  Warning  Failed  pod/a  Error: ErrImagePull')).toEqual({
      type: 'Warning',
      reason: 'Failed',
    });
    expect(columnsOfLine('Warning: this is a sentence')).toEqual({});
  });
});
