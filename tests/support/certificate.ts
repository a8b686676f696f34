/** Makes certificates for servers of tests, without a program that a minimal machine may lack. */

/** A certificate with its private key, both in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that signs others. */
export interface Authority extends Certificate {
  /** Issues a certificate for host names and addresses, valid for a day before and after now unless said otherwise. */
  issue(hosts: readonly string[], validity?: Validity): Promise<Certificate>;
}

export interface Validity {
  readonly from?: Date;
  readonly to?: Date;
}

const DAY = 86_400_000;
const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;

/** A new authority, which nobody trusts who is not told to. */
export async function authority(name = "Test authority"): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(CURVE, true, ["sign", "verify"]);
  const own = await certificate({
    subject: name,
    issuer: name,
    keys,
    signer: keys.privateKey,
    hosts: [],
    isAuthority: true,
  });
  return {
    ...own,
    async issue(hosts, validity = {}) {
      const leaf = await crypto.subtle.generateKey(CURVE, true, ["sign", "verify"]);
      const subject = hosts[0] ?? "nobody";
      return certificate({
        subject,
        issuer: name,
        keys: leaf,
        signer: keys.privateKey,
        hosts,
        isAuthority: false,
        ...validity,
      });
    },
  };
}

interface Wanted extends Validity {
  readonly subject: string;
  readonly issuer: string;
  readonly keys: CryptoKeyPair;
  readonly signer: CryptoKey;
  readonly hosts: readonly string[];
  readonly isAuthority: boolean;
}

async function certificate(wanted: Wanted): Promise<Certificate> {
  const { subject, issuer, keys, signer, hosts, isAuthority } = wanted;
  const algorithm = sequence(identifier("1.2.840.10045.4.3.2"));
  const extensions = [
    extension("2.5.29.19", true, isAuthority ? sequence(der(0x01, [0xff])) : sequence()),
    ...(hosts.length === 0 ? [] : [extension("2.5.29.17", false, sequence(...hosts.map(alternativeName)))]),
  ];
  const body = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [1, ...crypto.getRandomValues(new Uint8Array(8))]),
    algorithm,
    distinguishedName(issuer),
    sequence(time(wanted.from ?? new Date(Date.now() - DAY)), time(wanted.to ?? new Date(Date.now() + DAY))),
    distinguishedName(subject),
    new Uint8Array(await crypto.subtle.exportKey("spki", keys.publicKey)),
    der(0xa3, sequence(...extensions)),
  );
  const raw = new Uint8Array(await crypto.subtle.sign(SIGNATURE, signer, body));
  const signature = sequence(integer(raw.subarray(0, 32)), integer(raw.subarray(32)));
  return {
    cert: pem("CERTIFICATE", sequence(body, algorithm, der(0x03, [0, ...signature]))),
    key: pem("PRIVATE KEY", new Uint8Array(await crypto.subtle.exportKey("pkcs8", keys.privateKey))),
  };
}

type Bytes = Uint8Array<ArrayBuffer>;

/** One value in the Distinguished Encoding Rules of ASN.1: its tag, its length, its content. */
function der(tag: number, content: Uint8Array | readonly number[]): Bytes {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Uint8Array.from([tag, ...size, ...content]);
}

function sequence(...parts: readonly Uint8Array[]): Bytes {
  return der(0x30, Buffer.concat(parts));
}

/** A number without sign, as the shortest one with it. */
function integer(bytes: Uint8Array): Bytes {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = bytes.subarray(start);
  return der(0x02, (digits[0] ?? 0) > 0x7f ? [0, ...digits] : digits);
}

function identifier(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = rest.flatMap((part) => {
    const out = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) out.unshift((left & 0x7f) | 0x80);
    return out;
  });
  return der(0x06, [first * 40 + second, ...bytes]);
}

function distinguishedName(commonName: string): Bytes {
  return sequence(
    der(0x31, sequence(identifier("2.5.4.3"), der(0x0c, new TextEncoder().encode(commonName)))),
  );
}

function time(when: Date): Bytes {
  const digits = when.toISOString().replace(/\.\d+|[-:T]/g, "");
  return der(0x18, new TextEncoder().encode(digits));
}

function extension(id: string, critical: boolean, content: Uint8Array): Bytes {
  return sequence(identifier(id), ...(critical ? [der(0x01, [0xff])] : []), der(0x04, content));
}

function alternativeName(host: string): Bytes {
  const address = /^\d+\.\d+\.\d+\.\d+$/.test(host);
  return address ? der(0x87, host.split(".").map(Number)) : der(0x82, new TextEncoder().encode(host));
}

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
