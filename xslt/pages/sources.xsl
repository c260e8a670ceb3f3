<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/sources: the tab Source data, with the last 30 runs of each source. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'sources']" mode="heading"><xsl:value-of select="/t:page/t:customer/@name"/> - Source data</xsl:template>

<xsl:template match="t:page[@kind = 'sources']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="customer-head"/></xsl:for-each>
	<h2 class="vh">Source data</h2>
	<xsl:if test="not(t:source)"><section class="card"><div class="empty"><h3>No billing source is connected</h3><p>Source data is not available until there is one.</p></div></section></xsl:if>
	<div class="stack"><xsl:for-each select="t:source"><xsl:call-template name="source"/></xsl:for-each></div>
</xsl:template>

<xsl:template name="source">
	<section class="card pad">
		<div class="head">
			<h3>Account <span class="mono"><xsl:value-of select="@account"/></span></h3>
			<span class="dot {@state}"><xsl:call-template name="state-word"/></span>
			<xsl:if test="@since"><span class="hint">since <xsl:call-template name="instant"><xsl:with-param name="at" select="@since"/></xsl:call-template></span></xsl:if>
		</div>
		<xsl:if test="@message"><p class="notice"><xsl:value-of select="@message"/></p></xsl:if>
		<dl class="facts">
			<dt>Report</dt><dd class="mono"><xsl:value-of select="@report"/></dd>
			<dt>Location</dt><dd class="mono"><xsl:value-of select="@location"/></dd>
			<dt>Connected</dt><dd><xsl:call-template name="day"><xsl:with-param name="at" select="@connected"/></xsl:call-template></dd>
		</dl>
		<xsl:choose>
			<xsl:when test="t:run"><xsl:call-template name="runs"/></xsl:when>
			<xsl:otherwise><p class="soft">No run has been reported yet.</p></xsl:otherwise>
		</xsl:choose>
	</section>
</xsl:template>

<!-- Bars from the oldest to the newest; the height says the state too, not the colour alone. -->
<xsl:template name="runs">
	<figure class="history">
		<svg viewBox="0 0 300 32" role="img">
			<xsl:attribute name="aria-label">Last <xsl:value-of select="count(t:run)"/> runs: <xsl:value-of select="count(t:run[@status = 'success'])"/> success, <xsl:value-of select="count(t:run[@status = 'warning'])"/> warning, <xsl:value-of select="count(t:run[@status = 'failed'])"/> failed</xsl:attribute>
			<xsl:for-each select="t:run">
				<xsl:choose>
					<xsl:when test="@status = 'failed'"><rect class="failed" x="{300 - position() * 10}" y="2" width="8" height="30" rx="1.5"/></xsl:when>
					<xsl:when test="@status = 'warning'"><rect class="warning" x="{300 - position() * 10}" y="12" width="8" height="20" rx="1.5"/></xsl:when>
					<xsl:when test="@status = 'success'"><rect class="success" x="{300 - position() * 10}" y="20" width="8" height="12" rx="1.5"/></xsl:when>
					<xsl:otherwise><rect class="not_available" x="{300 - position() * 10}" y="26" width="8" height="6" rx="1.5"/></xsl:otherwise>
				</xsl:choose>
			</xsl:for-each>
		</svg>
		<figcaption class="hint"><span><xsl:if test="count(t:run) &gt; 1">Older</xsl:if></span><span>Last run <xsl:call-template name="instant"><xsl:with-param name="at" select="t:run[1]/@started"/></xsl:call-template></span></figcaption>
	</figure>
	<details>
		<summary><xsl:choose><xsl:when test="count(t:run) = 1">The run</xsl:when><xsl:otherwise>Last <xsl:value-of select="count(t:run)"/> runs</xsl:otherwise></xsl:choose></summary>
		<div class="scroll rows">
			<table aria-label="Runs of account {@account}">
				<thead><tr><th scope="col" class="c-at">Started</th><th scope="col" class="c-at">Finished</th><th scope="col" class="c-tier">Status</th><th scope="col" class="c-tier number">Rows</th><th scope="col" class="c-tier">Period</th><th scope="col">Message</th></tr></thead>
				<tbody>
					<xsl:for-each select="t:run">
						<tr>
							<th scope="row"><xsl:call-template name="instant"><xsl:with-param name="at" select="@started"/></xsl:call-template></th>
							<td data-label="Finished"><xsl:call-template name="instant"><xsl:with-param name="at" select="@finished"/></xsl:call-template></td>
							<td data-label="Status"><xsl:call-template name="run-status"/></td>
							<td data-label="Rows" class="number"><xsl:if test="@rows"><xsl:value-of select="format-number(@rows, '#,##0')"/></xsl:if></td>
							<td data-label="Period"><xsl:value-of select="@period"/></td>
							<td data-label="Message" class="full"><xsl:value-of select="@message"/></td>
						</tr>
					</xsl:for-each>
				</tbody>
			</table>
		</div>
	</details>
</xsl:template>

<xsl:template name="run-status">
	<xsl:choose>
		<xsl:when test="@status = 'success'"><span class="dot success">Success</span></xsl:when>
		<xsl:when test="@status = 'warning'"><span class="dot warning">Warning</span></xsl:when>
		<xsl:when test="@status = 'failed'"><span class="dot failed">Failed</span></xsl:when>
		<xsl:otherwise><span class="dot not_available">Running</span></xsl:otherwise>
	</xsl:choose>
</xsl:template>
</xsl:stylesheet>
