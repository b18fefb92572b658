import { independentSessions } from "./independent-sessions.ts";

independentSessions(200, 1.5e8);
