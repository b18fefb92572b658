import { independentSessions } from "./independent-sessions.ts";

independentSessions(12, 1e8);
