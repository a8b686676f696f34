import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { encode } from "cborg";

/** What an authenticator is made to do wrong, or otherwise than it does by itself. */
export interface Behaviour {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  /** Bits of the authenticator data: 1 the user was there, 4 the user was verified. */
  readonly flags?: number;
  readonly attestation?: "none" | "packed" | "tpm";
  /** Signs with a key that is not the credential's. */
  readonly forged?: boolean;
  readonly count?: number;
  /** Leaves out whose credential it is. */
  readonly anonymous?: boolean;
}

interface Credential {
  readonly id: Buffer;
  readonly rpId: string;
  readonly userHandle: string;
  readonly privateKey: KeyObject;
  readonly cose: Uint8Array;
}

/** What a page asks of a browser, as far as this looks at it. */
export interface CreationOptions {
  readonly publicKey: {
    readonly challenge: string;
    readonly rp: { readonly id: string };
    readonly user: { readonly id: string };
    readonly pubKeyCredParams: readonly { readonly alg: number }[];
    readonly excludeCredentials: readonly { readonly id: string }[];
  };
}

interface RequestOptions {
  readonly publicKey: {
    readonly challenge: string;
    readonly rpId: string;
    readonly allowCredentials?: readonly { readonly id: string }[];
  };
}

/**
 * An authenticator and the browser around it, in software: makes credentials and proves them as WebAuthn has it, for a page of
 * `origin`.
 */
export class Authenticator {
  private readonly origin: string;
  private readonly algorithm: -7 | -257;
  readonly credentials: Credential[] = [];
  private count = 0;

  constructor(origin: string, algorithm: -7 | -257 = -7) {
    this.origin = origin;
    this.algorithm = algorithm;
  }

  /** Makes a credential: `navigator.credentials.create`. */
  create(text: string, behaviour: Behaviour = {}): string {
    const { publicKey } = JSON.parse(text) as CreationOptions;
    if (!publicKey.pubKeyCredParams.some(({ alg }) => alg === this.algorithm))
      throw new Error("the key is not wanted");
    const excluded = publicKey.excludeCredentials.map(({ id }) => id);
    if (this.credentials.some(({ id }) => excluded.includes(id.toString("base64url"))))
      throw new Error("there is a credential already");
    const { privateKey, cose } = this.newKey();
    const rpId = behaviour.rpId ?? publicKey.rp.id;
    const credential = { id: randomBytes(32), rpId, userHandle: publicKey.user.id, privateKey, cose };
    const attested = Buffer.concat([Buffer.alloc(16, 7), uint16(credential.id.length), credential.id, cose]);
    const authData = Buffer.concat([this.header(rpId, behaviour, 0x40), attested]);
    const clientDataJSON = this.clientData("webauthn.create", publicKey.challenge, behaviour);
    const statement = this.statement(behaviour, authData, clientDataJSON, privateKey);
    this.credentials.push(credential);
    const attestationObject = Buffer.from(encode({ ...statement, authData }));
    return respond(credential.id, {
      clientDataJSON: clientDataJSON.toString("base64url"),
      attestationObject: attestationObject.toString("base64url"),
      transports: ["internal"],
    });
  }

  /** Proves a credential: `navigator.credentials.get`. */
  get(text: string, behaviour: Behaviour = {}): string {
    const { publicKey } = JSON.parse(text) as RequestOptions;
    const allowed: string[] = (publicKey.allowCredentials ?? []).map(({ id }) => id);
    const credential = this.credentials.find(({ id, rpId }) => {
      return rpId === publicKey.rpId && (allowed.length === 0 || allowed.includes(id.toString("base64url")));
    });
    if (credential === undefined) throw new Error("no credential fits");
    const authenticatorData = this.header(behaviour.rpId ?? credential.rpId, behaviour, 0);
    const clientDataJSON = this.clientData("webauthn.get", publicKey.challenge, behaviour);
    const key = behaviour.forged === true ? this.newKey().privateKey : credential.privateKey;
    const signature = sign("SHA256", Buffer.concat([authenticatorData, sha256(clientDataJSON)]), key);
    return respond(credential.id, {
      clientDataJSON: clientDataJSON.toString("base64url"),
      authenticatorData: authenticatorData.toString("base64url"),
      signature: signature.toString("base64url"),
      ...(behaviour.anonymous === true ? {} : { userHandle: credential.userHandle }),
    });
  }

  private newKey(): { readonly privateKey: KeyObject; readonly cose: Uint8Array } {
    if (this.algorithm === -7) {
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const { x, y } = publicKey.export({ format: "jwk" });
      const members: [number, unknown][] = [
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, bytes(x)],
        [-3, bytes(y)],
      ];
      return { privateKey, cose: encode(new Map(members)) };
    }
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { n, e } = publicKey.export({ format: "jwk" });
    const members: [number, unknown][] = [
      [1, 3],
      [3, -257],
      [-1, bytes(n)],
      [-2, bytes(e)],
    ];
    return { privateKey, cose: encode(new Map(members)) };
  }

  private header(rpId: string, { flags = 0x05, count }: Behaviour, more: number): Buffer {
    this.count += 1;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(count ?? this.count);
    return Buffer.concat([sha256(Buffer.from(rpId)), Buffer.from([flags | more]), counter]);
  }

  private clientData(type: string, challenge: string, behaviour: Behaviour): Buffer {
    const data = {
      type: behaviour.type ?? type,
      challenge: behaviour.challenge ?? challenge,
      origin: behaviour.origin ?? this.origin,
      crossOrigin: false,
    };
    return Buffer.from(JSON.stringify(data));
  }

  private statement(
    { attestation = "none", forged }: Behaviour,
    authData: Buffer,
    clientData: Buffer,
    privateKey: KeyObject,
  ): { readonly fmt: string; readonly attStmt: object } {
    if (attestation === "none")
      return { fmt: "none", attStmt: forged === true ? { sig: Buffer.alloc(8) } : {} };
    const key = forged === true ? this.newKey().privateKey : privateKey;
    const sig = sign("SHA256", Buffer.concat([authData, sha256(clientData)]), key);
    return { fmt: attestation, attStmt: { alg: this.algorithm, sig } };
  }
}

function respond(id: Buffer, response: object): string {
  const name = id.toString("base64url");
  return JSON.stringify({ id: name, rawId: name, type: "public-key", response });
}

function bytes(base64url: string | undefined): Uint8Array {
  return new Uint8Array(Buffer.from(base64url ?? "", "base64url"));
}

function uint16(number: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(number);
  return buffer;
}

function sha256(data: Uint8Array): Buffer {
  return createHash("sha256").update(data).digest();
}
