import { independentSessions } from "./independent-sessions.ts";

independentSessions("none", 12, 1e8);
