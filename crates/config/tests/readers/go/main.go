// Prints whether Go connects directly to a URL. Each input line is JSON with a NO_PROXY list and a URL.
// The output line is true if Go uses no proxy, otherwise false.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/url"
	"os"

	"golang.org/x/net/http/httpproxy"
)

type question struct{ List, Url string }

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		config := httpproxy.Config{HTTPProxy: "http://p:1", HTTPSProxy: "http://p:1", NoProxy: asked.List}
		to, err := url.Parse(asked.Url)
		if err != nil {
			panic(err)
		}
		proxy, err := config.ProxyFunc()(to)
		if err != nil {
			panic(err)
		}
		fmt.Println(proxy == nil)
	}
}
