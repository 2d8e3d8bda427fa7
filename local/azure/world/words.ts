// The words that every part of a world file is made of: names of resources, addresses, regions.
import { z } from 'zod';

/** The name of a resource. */
export const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'is not a resource name');

/** The name of a resource group: it may have letters and digits of any script. */
export const groupName = z
  .string()
  .regex(/^[\p{L}\p{Nd}_().-]{0,89}[\p{L}\p{Nd}_()-]$/u, 'is not the name of a resource group');

/** An IPv4 address. */
export const ip = z.ipv4();

/** An address of either version, by which an environment leaves. */
export const anyIp = z.ipv4().or(z.ipv6());

/** What a registry lets in: an address or a range of them, of either version. */
export const ipRule = z
  .string()
  .regex(
    /^(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?|[0-9a-fA-F:]*:[0-9a-fA-F:.]*(?:\/\d{1,3})?)$/,
    'is not an IP address or a CIDR range',
  );

/** The name of a region. */
export const region = z.string().regex(/^[a-z][a-z0-9]{2,40}$/, 'is not the name of a region, such as westeurope');
