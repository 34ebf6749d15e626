package siaga.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * The program that a team would write first: parse the article, look for a dozen keywords, write a verdict, exactly
 * once. Everything that is not set here has Kafka Streams' default.
 *
 * <p>Arguments: bootstrap servers, input topic, output topic, application id, threads, state directory.
 */
public final class KeywordVerdict {
  private static final List<String> KEYWORDS =
      List.of(
          "missile", "rudal", "airstrike", "serangan udara", "bomb", "bom", "explosion", "ledakan", "gunmen",
          "kelompok bersenjata", "ceasefire", "sanksi");

  private static final ObjectMapper JSON = new ObjectMapper();

  private KeywordVerdict() {}

  static byte[] verdict(byte[] value) {
    try {
      JsonNode article = JSON.readTree(value);
      String text = article.path("title").asText() + "\n" + article.path("body").asText();
      String folded = text.toLowerCase(Locale.ROOT);
      ObjectNode verdict = JSON.createObjectNode();
      verdict.put("id", article.path("id").asText());
      ArrayNode found = verdict.putArray("keywords");
      for (String keyword : KEYWORDS) {
        if (folded.contains(keyword)) {
          found.add(keyword);
        }
      }
      verdict.put("flagged", !found.isEmpty());
      return JSON.writeValueAsBytes(verdict);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  public static void main(String[] arguments) throws InterruptedException {
    String inputTopic = arguments[1];
    String outputTopic = arguments[2];
    Properties settings = new Properties();
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments[3]);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, arguments[4]);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, arguments[5]);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");

    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(inputTopic, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .mapValues(KeywordVerdict::verdict)
        .to(outputTopic, Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));

    KafkaStreams streams = new KafkaStreams(builder.build(), settings);
    CountDownLatch done = new CountDownLatch(1);
    streams.setUncaughtExceptionHandler(
        error -> {
          error.printStackTrace();
          done.countDown();
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
    done.await();
    System.exit(1);
  }
}
