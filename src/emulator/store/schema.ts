/**
 * The layout of the state. Everything belongs to a project; what the emulator searches by has a column or a row of its own, all
 * else of a thing is one JSON document.
 *
 * No triggers: with one, each insert is a transaction of its own within the other, and at each of those the full-text index writes
 * out what it has gathered. Twenty thousand users took twice as long.
 */
export const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE projects (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, doc TEXT NOT NULL);

CREATE TABLE records (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  project TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  doc TEXT NOT NULL
);
CREATE UNIQUE INDEX records_by_id ON records (project, kind, id);
CREATE INDEX records_by_name ON records (project, kind, name);

CREATE TABLE users (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  project TEXT NOT NULL,
  id TEXT NOT NULL,
  test INTEGER NOT NULL,
  status TEXT NOT NULL,
  created INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  tenant TEXT NOT NULL,
  doc TEXT NOT NULL
);
CREATE UNIQUE INDEX users_by_id ON users (project, id, test);
CREATE INDEX users_in_order ON users (project, seq, test, flags);
CREATE INDEX users_by_created ON users (project, created, seq, test);
CREATE INDEX users_by_modified ON users (project, modified, seq, test);
CREATE INDEX users_by_login ON users (project, login, seq, test);
CREATE INDEX users_by_name ON users (project, name, seq, test);
CREATE INDEX users_by_email ON users (project, email, seq, test);
CREATE INDEX users_by_phone ON users (project, phone, seq, test);
CREATE INDEX users_by_status ON users (project, status, seq, test);
CREATE INDEX users_by_tenant ON users (project, tenant, seq, test);

CREATE TABLE user_counts (
  project TEXT NOT NULL,
  test INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (project, test)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE user_text USING fts5(text, tokenize = 'trigram');

CREATE TABLE login_ids (
  project TEXT NOT NULL,
  login_id TEXT NOT NULL,
  user INTEGER NOT NULL,
  PRIMARY KEY (project, login_id)
) WITHOUT ROWID;

CREATE TABLE user_links (
  project TEXT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  user INTEGER NOT NULL,
  PRIMARY KEY (project, kind, value, user)
) WITHOUT ROWID;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  project TEXT NOT NULL,
  occurred INTEGER NOT NULL,
  action TEXT NOT NULL,
  user TEXT NOT NULL,
  doc TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (project, occurred);

CREATE TABLE relations (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  project TEXT NOT NULL,
  namespace TEXT NOT NULL,
  resource TEXT NOT NULL,
  relation TEXT NOT NULL,
  target TEXT NOT NULL,
  target_namespace TEXT NOT NULL,
  target_relation TEXT NOT NULL,
  query TEXT NOT NULL
);
CREATE UNIQUE INDEX relations_of_resource
  ON relations (project, resource, namespace, relation, target, target_namespace, target_relation, query);
CREATE INDEX relations_of_target ON relations (project, target, target_relation);
CREATE INDEX relations_of_type ON relations (project, namespace, relation);

CREATE TABLE relation_changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  project TEXT NOT NULL,
  changed INTEGER NOT NULL,
  resource TEXT NOT NULL,
  target TEXT NOT NULL
);
CREATE INDEX relation_changes_by_time ON relation_changes (project, changed);

CREATE TABLE snapshot_files (
  project TEXT NOT NULL,
  path TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (project, path)
) WITHOUT ROWID;

CREATE TABLE secrets (
  project TEXT NOT NULL,
  owner TEXT NOT NULL,
  entity TEXT NOT NULL,
  type TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (project, owner, entity, type)
) WITHOUT ROWID;

CREATE TABLE challenges (
  project TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  user TEXT NOT NULL,
  ref TEXT NOT NULL,
  expires INTEGER NOT NULL,
  doc TEXT NOT NULL,
  PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE INDEX challenges_by_user ON challenges (project, user, kind);
CREATE INDEX challenges_by_ref ON challenges (project, ref) WHERE ref <> '';
CREATE INDEX challenges_by_end ON challenges (expires);

CREATE TABLE sessions (
  project TEXT NOT NULL,
  id TEXT NOT NULL,
  user TEXT NOT NULL,
  expires INTEGER NOT NULL,
  doc TEXT NOT NULL,
  PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (project, user);
CREATE INDEX sessions_by_end ON sessions (expires);

CREATE TABLE logins (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  project TEXT NOT NULL,
  user TEXT NOT NULL,
  doc TEXT NOT NULL
);
CREATE INDEX logins_by_user ON logins (project, user);
`;

/** Changes whenever {@link SCHEMA} or the meaning of a document does: a state file of another number is refused. */
export const SCHEMA_VERSION = 2;

/** Marks an SQLite file as this emulator's ("DSCE"). */
export const APPLICATION_ID = 0x44534345;

/** The tables whose rows belong to a project. */
export const PROJECT_TABLES = [
  "records",
  "users",
  "user_counts",
  "login_ids",
  "user_links",
  "audit",
  "relations",
  "relation_changes",
  "snapshot_files",
  "secrets",
  "challenges",
  "sessions",
  "logins",
] as const;
