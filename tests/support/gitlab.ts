/** A small GitLab on the loopback: notes of one merge request, issues and merge requests of one project, as its REST API serves them. */

export interface GitlabNote {
  readonly id: number;
  readonly on: string;
  readonly author: number;
  body: string;
  edits: number;
}

export interface GitlabThing {
  readonly iid: number;
  readonly author: number;
  title: string;
  description: string;
  state: "opened" | "closed";
  edits: number;
  readonly source_branch?: string;
  readonly target_branch?: string;
}

export interface FakeGitlab extends Disposable {
  readonly url: string;
  readonly notes: GitlabNote[];
  readonly issues: GitlabThing[];
  readonly requests: GitlabThing[];
  readonly unexpected: string[];
}

export const GITLAB_TOKEN = "glpat-tokenOfTheProject";
/** The user of that token. */
export const GITLAB_BOT = 4711;
export const GITLAB_PROJECT = "42";

export function fakeGitlab(): FakeGitlab {
  let last = 10;
  const state: FakeGitlab = {
    url: "",
    notes: [],
    issues: [],
    requests: [],
    unexpected: [],
    [Symbol.dispose]: () => void server.stop(true),
  };
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url);
      if (request.headers.get("private-token") !== GITLAB_TOKEN)
        return Response.json({ message: "401 Unauthorized" }, { status: 401 });
      const given = Object.fromEntries(new URLSearchParams(await request.text()));
      const what = `${request.method} ${pathname.replace(/^\/api\/v4\//, "")}`;
      const paged = (list: readonly object[]) => {
        const size = Number(searchParams.get("per_page"));
        const from = (Number(searchParams.get("page") ?? 1) - 1) * size;
        return Response.json(list.slice(from, from + size));
      };
      if (what === "GET user") return Response.json({ id: GITLAB_BOT, username: "project_42_bot" });
      const at = new RegExp(
        `^(\\w+) projects/${GITLAB_PROJECT}/(issues|merge_requests)(?:/(\\d+))?(/notes)?(?:/(\\d+))?$`,
      ).exec(what);
      if (at !== null) {
        const [, method, kind = "", iid, notes, id] = at;
        const list = kind === "issues" ? state.issues : state.requests;
        if (notes !== undefined) {
          const on = `${kind}/${iid}`;
          const own = state.notes.filter((note) => note.on === on);
          if (method === "GET") return paged(own.map((note) => ({ ...note, author: { id: note.author } })));
          if (method === "POST") {
            const note = { id: ++last, on, author: GITLAB_BOT, body: given.body ?? "", edits: 0 };
            state.notes.push(note);
            return Response.json(note, { status: 201 });
          }
          const note = own.find((one) => one.id === Number(id) && one.author === GITLAB_BOT);
          if (method === "PUT" && note !== undefined) {
            note.body = given.body ?? "";
            note.edits++;
            return Response.json(note);
          }
        } else if (method === "GET" && iid === undefined) {
          const source = searchParams.get("source_branch");
          const found = list
            .filter(({ state: is }) => is === searchParams.get("state"))
            .filter((one) => source === null || one.source_branch === source)
            .filter((one) => source === null || one.target_branch === searchParams.get("target_branch"));
          return paged(found.map((one) => ({ ...one, author: { id: one.author } })));
        } else if (method === "POST" && iid === undefined) {
          const { title = "", description = "", source_branch, target_branch } = given;
          const made: GitlabThing = {
            iid: ++last,
            author: GITLAB_BOT,
            title,
            description,
            state: "opened",
            edits: 0,
            ...(source_branch === undefined ? {} : { source_branch }),
            ...(target_branch === undefined ? {} : { target_branch }),
          };
          list.push(made);
          return Response.json(made, { status: 201 });
        } else if (method === "PUT") {
          const found = list.find((one) => one.iid === Number(iid));
          if (found !== undefined) {
            if (given.title !== undefined) found.title = given.title;
            if (given.description !== undefined) found.description = given.description;
            if (given.state_event === "close") found.state = "closed";
            found.edits++;
            return Response.json(found);
          }
        }
      }
      state.unexpected.push(what);
      return Response.json({ message: "404 Not Found" }, { status: 404 });
    },
  });
  return Object.assign(state, { url: String(server.url).replace(/\/$/, "") });
}
