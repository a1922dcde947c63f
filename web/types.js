/**
 * The shapes of everything the page receives (`/api/v1/ws`) and keeps. Types only: no code is loaded from here.
 *
 * @typedef {[number, number]} Pair  x and y: fractions of the picture's width and height, or pixels where it says so
 * @typedef {"rect" | "ellipse" | "polygon" | "line"} Shape
 * @typedef {{shape?: "rect" | "ellipse", center: Pair, size: Pair, rotation?: number}} Box  degrees clockwise
 * @typedef {{shape: "polygon" | "line", points: Pair[], width?: number}} Path  a line's width: of the picture's height
 * @typedef {(Box | Path) & {feather?: number, exclude?: string[], trims?: Partial<Trims>}} Region  feather: sigma, of the
 *          picture's height
 * @typedef {{key: string, at: Pair, hit: Pair} & ({kind: "corner", corner: Pair} | {kind: "turn", side: number} |
 *            {kind: "point" | "between", index: number})} Handle  pixels: where it is drawn, where a finger finds it
 *
 * @typedef {"both" | "colour" | "intensity"} Take
 * @typedef {"follow" | "manual" | "off" | "console"} Control
 * @typedef {{region: string, take?: Take}} Follow
 * @typedef {{intensity: number, mired: number, tint: number, saturation: number, min: number, max: number}} Trims  stops,
 *          + is warmer, Duv × 1000 and + is green, a factor, and two fractions of full output
 * @typedef {{cct?: number, tint?: number, xy?: Pair, hue?: number, saturation?: number}} Colour
 * @typedef {{profile: string, mode: string, universe: number, address: number, control?: Control, follow?: Follow | null,
 *            level?: number, colour?: Colour | null, trims?: Partial<Trims>, groups?: string[], label?: string,
 *            number?: number, units?: number, share?: unknown, circuit?: string}} Fixture
 * @typedef {{label?: string, trims?: Partial<Trims>}} Group
 * @typedef {{label?: string, fade_s?: number, fixtures?: Record<string, Record<string, unknown>>,
 *            regions?: Record<string, Record<string, unknown>>}} Look
 * @typedef {{number: number, look: string, name?: string, fade_s?: number, wait_s?: number, scene?: string, shot?: string,
 *            take?: number}} Cue
 * @typedef {{name: string, exposure?: number, wall: {size: Pair}, regions: Record<string, Region>,
 *            fixtures: Record<string, Fixture>, groups?: Record<string, Group>, looks?: Record<string, Look>, cues?: Cue[],
 *            outputs?: Record<string, unknown>[], inputs?: Record<string, unknown>[],
 *            circuits?: Record<string, Circuit>, flash_guard?: string, schedule?: Appointment[], place?: Place | null}} Show
 * @typedef {{label?: string, limit_w: number}} Circuit
 * @typedef {{latitude: number, longitude: number}} Place  degrees, north and east positive
 * @typedef {{at: string, days?: string[], name?: string, look?: string, release?: string, fade_s?: number, master?: number,
 *            blackout?: boolean}} Appointment
 * @typedef {{state: string, primary: string, heard: boolean, rate_hz?: number | null, mode?: string, handback?: string,
 *            last_gap_ms?: number | null, note?: string}} Standby
 *
 * @typedef {"viewer" | "operator" | "admin"} Role
 * @typedef {{rolling: boolean, scene: string, shot: string, take: number, ride: string[]}} Slate  what is shot now
 * @typedef {{master: number, blackout: boolean, freeze: boolean, solo: string[], identify: string[], cue: number | null, take: Slate}} Live
 * @typedef {{fps: number, lost: number, width: number}} PreviewFigures  lost: share of the pictures offered
 * @typedef {{universe: number, protocol: string, source: string | null, levels: number[] | null}} DmxLevels
 * @typedef {{light: string[], age_ms: number, protocol: string, universe: number}} StageLamp
 * @typedef {{wall: string[], light: string[], limits?: string[]}} Lit
 * @typedef {{regions: Record<string, string>, fixtures: Record<string, Lit>, stage?: Record<string, StageLamp>}} Lights
 * @typedef {{protocol: string, to: string, sent: number, errors: number, last_error?: string | null,
 *            failing?: boolean, note?: string}} Output
 * @typedef {{name: string, address: string, missing: boolean,
 *            ports: {port_address: number, net_sub_universe: string}[]}} Node
 * @typedef {{name: string, state: string, sources?: unknown[], master?: number, blackout?: boolean, freeze?: boolean}} Input
 * @typedef {{id: number, time: number | string, kind: string, by?: string, text: string}} LogEvent
 * @typedef {{rev: number, can_undo: boolean, can_redo: boolean,
 *            feed: {state: string, fps: number | null, age_ms: number | null, number: number | null, picture?: unknown,
 *                   error?: string | null},
 *            engine: {state: string, pid?: number | null, rate: number | null,
 *                     latency_ms?: {median: number | null, p95: number | null} | null, late?: number | null,
 *                     kernel?: string | null, standby?: Standby | null},
 *            renderer: {state: string, pid?: number | null},
 *            outputs: Output[], nodes?: Node[], inputs?: Input[], warnings: string[], unsaved: string | null,
 *            flashing?: string[], conflicts?: {text: string}[], circuits?: Record<string, Load>}} Status
 * @typedef {{watts: number, limit_w: number}} Load  what hangs on a circuit draws, an estimate
 * @typedef {{title: string, detail?: string, status?: number, faults?: {path: string, message: string}[]}} Problem
 *
 * @typedef {{at: Pair, codes?: number[] | null, bits?: number | null}} Pixel  amid what a cell sees
 * @typedef {{pixel?: Pixel | null, region?: string | null, linear_rgb?: number[] | null, xyz?: number[] | null,
 *            target_xyz?: number[] | null, drives?: Record<string, number>, channels?: Record<string, number>,
 *            limits?: string[], assumed?: string[]}} Cell
 * @typedef {{fixture: string, frame?: number, cells: Cell[], levels: number[], universe: number, address: number,
 *            age_ms?: number | null, outputs?: {protocol: string, to: string | string[], number: number}[]}} Explanation  GET /api/v1/fixtures/{id}/explain
 *
 * @typedef {"connecting" | "live" | "stale"} Link  what the page may believe about what it shows
 * @typedef {{region: string | null, point: number | null, fixture: string | null}} Selection  point: of the region;
 *          fixture: the one that waits for its place on the wall
 * @typedef {{store: import("./store.js").Store, socket: import("./socket.js").Socket, edits: import("./edits.js").Edits,
 *            toast: import("./toast.js").Toast, api: typeof import("./api.js"),
 *            router: import("./router.js").Router}} Services  what every screen is given
 */
export {};
