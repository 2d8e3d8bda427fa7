// The runbook for an image whose registry the app has no entry for.
import { meantEntry, mistypedHost } from '../diagnosis/credentials.ts';
import { logSays } from '../diagnosis/text-claims.ts';
import type { RegistryEntry } from '../evidence/app-facts.ts';
import { appOf } from '../evidence/evidence.ts';
import { isDockerHub, isHubWebsite } from '../words/docker-hub.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import { nextTry } from './answer.ts';
import { deploy } from './deploy.ts';
import { appCommand, declare, identityToDeclare } from './entries.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { appOptions, serverOf, serverWord, verifyPull, wordOr } from './runbook.ts';

/** The app has no entry for this registry, or one that is for another. */
export function registryNotConfigured(input: RunbookInput): RunbookText {
  const { target, evidence } = input;
  const entries = appOf(evidence)?.registries ?? [];
  const host = mistypedHost(target, entries);
  if (host !== undefined) return otherHost(input, host);
  const meant = meantEntry(target, entries);
  const text = isAzureRegistry(target.registry) ? nameIdentity(input, meant) : signIn(input);
  const clean = meant === undefined ? [] : [removal('When it works: remove the wrong entry', input, meant.server)];
  return {
    title: `${target.appName} has no entry for ${target.registry}`,
    ...text,
    commands: [...text.commands, ...clean],
    verify: verifyPull(input),
    undo: removeEntry(input, serverOf(input)),
  };
}

/** A password is never given to a host that is nearly that of a registry which many people use: strangers may own it. */
function otherHost(input: RunbookInput, host: string): RunbookText {
  const { target } = input;
  const image = `${host}${target.image.slice(target.registry.length)}`;
  const what = isHubWebsite(target.registry)
    ? `${target.registry} is the website of Docker Hub, and no registry: its images are called ${host}/….`
    : `${target.registry} is nearly ${host}, and another host: probably a letter is wrong. Do not sign in to ${target.registry}. Strangers may own it, and they would get the password.`;
  return {
    title: `The image of ${target.appName} names the host ${target.registry}, and ${host} was probably meant`,
    advice: `${what} Correct the image. ${nextTry(input)}${sayEntries(input)}`,
    commands: deploy(input, 'Deploy with the host that was meant', image),
    verify: verifyPull(input),
    undo: 'Deploy the previous image again.',
  };
}

function nameIdentity(input: RunbookInput, meant: RegistryEntry | undefined): Pick<RunbookText, 'advice' | 'commands'> {
  return {
    advice: `The image is in a private registry and the app does not say which identity pulls from it. Give that identity the pull role, and name it.${sayEntries(input)}`,
    commands: declare(input, meant?.identity || identityToDeclare(input)),
  };
}

/** Docker Hub, Quay and others answer the same for a repository that is private and for one that does not exist. */
function signIn(input: RunbookInput): Pick<RunbookText, 'advice' | 'commands'> {
  const { registry, image } = input.target;
  if (isShutDown(input))
    return {
      advice: `${registry} says that Container Registry of Google was shut down, so no password helps. Deploy the image from where its owner moved it, such as Artifact Registry (LOCATION-docker.pkg.dev), or a copy in your own registry. ${nextTry(input)}${sayEntries(input)}`,
      commands: deploy(input, 'Deploy it from where it is now', 'IMAGE'),
    };
  const set = `az containerapp registry set --server ${serverWord(input)} --username USER --password PASSWORD`;
  return {
    advice: `${registry} does not give out ${image} without a sign-in, and the app has no entry for it. Either the image is private, or it does not exist: such a registry answers the same for both. Check the spelling of the image first. If it is private, set a user name and a token that may read in place of USER and PASSWORD; managed identities work with Azure registries only. ${nextTry(input)}${sayEntries(input)}`,
    commands: [
      appCommand(input, 'If the image is private: sign in to the registry, with your own USER and PASSWORD', set),
    ],
  };
}

/** The registry’s own words (docs/unverified.md). Images that were moved are still served under gcr.io, and may need a sign-in. */
function isShutDown({ target, evidence }: RunbookInput): boolean {
  return (
    /^(?:[a-z]{2,4}\.)?gcr\.io$/.test(target.registry) &&
    logSays(target, evidence, /container registry is (?:deprecated|shut)/i)
  );
}

/** What the app says instead, and which entry was probably meant. */
function sayEntries({ target, evidence }: RunbookInput): string {
  const entries = appOf(evidence)?.registries ?? [];
  if (entries.length === 0) return '';
  const meant = meantEntry(target, entries)?.server;
  const website = meant !== undefined && isHubWebsite(meant) && isDockerHub(target.registry);
  const wrong =
    meant === undefined
      ? ''
      : website
        ? ` ${meant} is the website of Docker Hub, and no registry: the server of the entry must be ${target.registry}.`
        : ` The one for ${meant} was probably meant for this registry: the server must be the host in the image name, ${target.registry}.`;
  return ` It has entries for ${entries.map(({ server }) => server).join(', ')}.${wrong}`;
}

function removal(title: string, input: RunbookInput, server: string): Command {
  return { title, language: 'az', text: removeEntry(input, server) };
}

function removeEntry(input: RunbookInput, server: string | undefined): string {
  return `az containerapp registry remove ${appOptions(input)} --server ${wordOr(server, 'SERVER')}`;
}
