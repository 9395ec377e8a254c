import de.unihd.dbs.heideltime.standalone.DocumentType;
import de.unihd.dbs.heideltime.standalone.HeidelTimeStandalone;
import de.unihd.dbs.heideltime.standalone.OutputType;
import de.unihd.dbs.heideltime.standalone.POSTagger;
import de.unihd.dbs.uima.annotator.heideltime.resources.Language;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.text.SimpleDateFormat;
import java.util.Base64;

/**
 * Tags many texts in one Java process, so that its start is not counted for each of them.
 *
 * Arguments: language (FRENCH), path of config.props. In: lines "YYYY-MM-DD base64(text)". Out:
 * lines "CPU nanoseconds base64(TimeML)", in the same order.
 */
public final class HeidelTimeBatch {
    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err); // HeidelTime talks on standard output
        Language language = Language.valueOf(args[0]);
        HeidelTimeStandalone tagger = new HeidelTimeStandalone(
            language, DocumentType.NEWS, OutputType.TIMEML, args[1], POSTagger.NO);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        SimpleDateFormat days = new SimpleDateFormat("yyyy-MM-dd");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] parts = line.split(" ");
            byte[] bytes = Base64.getDecoder().decode(parts.length > 1 ? parts[1] : "");
            String text = new String(bytes, StandardCharsets.UTF_8);
            long started = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            String result = tagger.process(text, days.parse(parts[0]));
            long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - started;
            byte[] written = result.getBytes(StandardCharsets.UTF_8);
            out.println(spent + " " + Base64.getEncoder().encodeToString(written));
            out.flush();
        }
    }
}
